CREATE INDEX `contracts_first_seen` ON `contracts` (`first_seen_at`);--> statement-breakpoint
CREATE INDEX `contracts_gone` ON `contracts` (`gone_at`) WHERE gone_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `contracts_listed_sole_type` ON `contracts` (`sole_type_id`,`contract_id`) WHERE gone_at IS NULL;--> statement-breakpoint
-- Added by hand: what the planner believes of the tables, as ANALYZE without a limit found it after 50,000 listed and
-- 1,000,000 gone contracts (bench/history.ts), and what a pass of every half hour sees come and go at once. Samples of
-- an index mislead it wherever one region or one type has most of the rows; these plans are right for every size.
ANALYZE sqlite_schema;--> statement-breakpoint
DELETE FROM sqlite_stat1;--> statement-breakpoint
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('categories', NULL, '4'),
	('contract_bids', 'contract_bids', '40841 3 1'),
	('contract_changes', 'contract_changes_at', '2049660 2'),
	('contract_items', 'contract_items', '7909505 8 1'),
	('contract_items', 'contract_items_type', '7909505 528 264 1'),
	('contracts', 'contracts_corporation', '1050000 525'),
	('contracts', 'contracts_first_seen', '1050000 150'),
	('contracts', 'contracts_gone', '1000000 150'),
	('contracts', 'contracts_issued', '1050000 1'),
	('contracts', 'contracts_issuer', '1050000 132'),
	('contracts', 'contracts_listed', '50339 1'),
	('contracts', 'contracts_listed_id', '50339 1'),
	('contracts', 'contracts_listed_price', '50339 1'),
	('contracts', 'contracts_listed_region', '50339 741 1'),
	('contracts', 'contracts_listed_sole_type', '50339 5 1'),
	('contracts', 'contracts_listed_type', '50339 16780 1'),
	('contracts', 'contracts_region', '1050000 15442'),
	('contracts', 'contracts_sole_type', '1050000 70'),
	('groups', 'groups_category', '405 102'),
	('locations', NULL, '400'),
	('market_groups', 'market_groups_parent', '2000 11'),
	('names', NULL, '10000'),
	('region_sweeps', 'region_sweeps', '293760 68 1'),
	('region_sweeps', 'region_sweeps_region', '293760 4320 1'),
	('regions', NULL, '68'),
	('runs', 'runs_started', '4320 1'),
	('runs', 'sqlite_autoindex_runs_1', '4320 1'),
	('systems', NULL, '400'),
	('types', 'types_group', '15000 3000'),
	('types', 'types_market_group', '15000 8'),
	('types', 'types_name', '15000 1 1 1');
