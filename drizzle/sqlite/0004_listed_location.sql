CREATE INDEX `contracts_listed_location` ON `contracts` (`start_location_id`) WHERE gone_at IS NULL;--> statement-breakpoint
-- Added by hand, as in 0003: what the planner is to believe of the new index. And of the ledger of contracts, that it is
-- no longer than there are contracts: otherwise the planner goes through all of these first, for a filter to spare it
-- searches, before it reads the first change.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('contracts', 'contracts_listed_location', '50339 126');--> statement-breakpoint
UPDATE sqlite_stat1 SET stat = '1000000 2' WHERE idx = 'contract_changes_at';
