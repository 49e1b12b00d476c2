CREATE INDEX `contracts_listed_location` ON `contracts` (`start_location_id`) WHERE gone_at IS NULL;--> statement-breakpoint
-- Added by hand, as in 0003: what the planner is to believe of the new index.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('contracts', 'contracts_listed_location', '50339 126');
