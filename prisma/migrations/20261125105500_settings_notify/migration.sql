-- Who hears of what needs a person, and what that is now.
CREATE TABLE "notify_target" (
    "shop_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "not_before" TIMESTAMPTZ(3),
    "error" TEXT,
    "last_sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "notify_target_pkey" PRIMARY KEY ("shop_id","kind")
);

CREATE TABLE "notification" (
    "shop_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "since" TIMESTAMPTZ(3) NOT NULL,
    "told" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],

    CONSTRAINT "notification_pkey" PRIMARY KEY ("shop_id","kind","subject")
);
