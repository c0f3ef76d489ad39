-- How long a connection has been shut out says how soon its marketplace is asked again.
ALTER TABLE "connection" ADD COLUMN "shut_out_at" TIMESTAMPTZ(3);
