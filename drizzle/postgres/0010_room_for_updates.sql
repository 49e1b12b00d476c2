-- Each sweep updates last_seen_at of every listed contract. Half of each page is left empty, so that the new versions fit
-- on the pages of the old ones. PostgreSQL then leaves the indexes as they are (heap-only tuples); none of them contains
-- last_seen_at. In rows of before, this comes with their next update.
ALTER TABLE "contracts" SET (fillfactor = 50);
