-- A number that was not read itself: a sample of what was accepted with it was.
ALTER TABLE "listing" ADD COLUMN "vouched" BOOLEAN NOT NULL DEFAULT false;
