-- Who of a merchant's team comes in, and as what.
ALTER TABLE "shop" ADD COLUMN "joining_role" TEXT NOT NULL DEFAULT 'read-only';

CREATE TABLE "person" (
    "id" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "role" TEXT NOT NULL,
    "password_hash" TEXT,
    "shopify_user" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3),
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "person_pkey" PRIMARY KEY ("id"),
    -- An address that differs in its case alone is the same person's.
    CONSTRAINT "person_email_lower" CHECK ("email" = lower("email"))
);
CREATE UNIQUE INDEX "person_shop_id_email_key" ON "person"("shop_id", "email");
CREATE UNIQUE INDEX "person_shop_id_shopify_user_key" ON "person"("shop_id", "shopify_user");
ALTER TABLE "person" ADD CONSTRAINT "person_shop_id_fkey" FOREIGN KEY ("shop_id") REFERENCES "shop"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

CREATE TABLE "sign_in" (
    "hash" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "sign_in_shop_id_person_id_idx" ON "sign_in"("shop_id", "person_id");
ALTER TABLE "sign_in" ADD CONSTRAINT "sign_in_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "password_link" (
    "hash" TEXT NOT NULL,
    "shop_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "password_link_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "password_link_shop_id_person_id_idx" ON "password_link"("shop_id", "person_id");
ALTER TABLE "password_link" ADD CONSTRAINT "password_link_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "login_tries" (
    "shop_id" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "tries" INTEGER NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "login_tries_pkey" PRIMARY KEY ("shop_id", "subject")
);
