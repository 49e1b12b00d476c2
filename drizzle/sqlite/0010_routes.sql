CREATE TABLE `routes` (
	`start_system_id` integer NOT NULL,
	`end_system_id` integer NOT NULL,
	`jumps` integer,
	`jumps_secure` integer,
	`lowest_security` real,
	PRIMARY KEY(`start_system_id`, `end_system_id`)
);
--> statement-breakpoint
-- Added by hand, as in 0003: what the planner is to believe of the new indexes.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('routes', 'sqlite_autoindex_routes_1', '2000 10 1'),
	('type_attributes', 'sqlite_autoindex_type_attributes_1', '15000 8 1'),
	('mutations', 'sqlite_autoindex_mutations_1', '4000 10 1'),
	('mutation_ranges', 'sqlite_autoindex_mutation_ranges_1', '2000 5 1');
