-- A token may do what its scopes say, until it expires. Tokens from before could do everything there was.
ALTER TABLE "api_token"
    ADD COLUMN "scopes" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
    ADD COLUMN "expires_at" TIMESTAMPTZ(3);
UPDATE "api_token" SET "scopes" = ARRAY['stock:read', 'holds:read', 'holds:write', 'movements:write'];
