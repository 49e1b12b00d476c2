DROP INDEX `contract_changes_field`;--> statement-breakpoint
CREATE INDEX `contract_changes_contract` ON `contract_changes` (`contract_id`);--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('contract_changes', 'contract_changes_contract', '1000000 2');
