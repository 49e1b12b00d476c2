CREATE INDEX `categories_missing` ON `categories` (`category_id`) WHERE fetched_at IS NULL;--> statement-breakpoint
CREATE INDEX `groups_missing` ON `groups` (`group_id`) WHERE fetched_at IS NULL;--> statement-breakpoint
CREATE INDEX `locations_missing` ON `locations` (`location_id`) WHERE fetched_at IS NULL;--> statement-breakpoint
CREATE INDEX `market_groups_missing` ON `market_groups` (`market_group_id`) WHERE fetched_at IS NULL;--> statement-breakpoint
CREATE INDEX `names_missing` ON `names` (`id`) WHERE fetched_at IS NULL;--> statement-breakpoint
CREATE INDEX `regions_missing` ON `regions` (`region_id`) WHERE fetched_at IS NULL;--> statement-breakpoint
CREATE INDEX `systems_missing` ON `systems` (`system_id`) WHERE fetched_at IS NULL;--> statement-breakpoint
CREATE INDEX `types_missing` ON `types` (`type_id`) WHERE fetched_at IS NULL;--> statement-breakpoint
-- Added by hand: from now on a row without `fetched_at` is entered with whatever names the object. These are the objects
-- that the tables name already.
INSERT INTO `types` (`type_id`) SELECT DISTINCT type_id FROM contract_items WHERE TRUE ON CONFLICT DO NOTHING;--> statement-breakpoint
INSERT INTO `locations` (`location_id`) SELECT start_location_id FROM contracts WHERE start_location_id BETWEEN 60000000 AND 63999999 UNION SELECT end_location_id FROM contracts WHERE end_location_id BETWEEN 60000000 AND 63999999 ON CONFLICT DO NOTHING;--> statement-breakpoint
INSERT INTO `systems` (`system_id`) SELECT system_id FROM locations WHERE system_id IS NOT NULL UNION SELECT start_location_id FROM contracts WHERE start_location_id BETWEEN 30000000 AND 39999999 UNION SELECT end_location_id FROM contracts WHERE end_location_id BETWEEN 30000000 AND 39999999 ON CONFLICT DO NOTHING;--> statement-breakpoint
INSERT INTO `names` (`id`) SELECT issuer_id FROM contracts UNION SELECT issuer_corporation_id FROM contracts WHERE TRUE ON CONFLICT DO NOTHING;--> statement-breakpoint
INSERT INTO `groups` (`group_id`) SELECT DISTINCT group_id FROM types WHERE group_id IS NOT NULL ON CONFLICT DO NOTHING;--> statement-breakpoint
INSERT INTO `market_groups` (`market_group_id`) SELECT market_group_id FROM types WHERE market_group_id IS NOT NULL UNION SELECT parent_group_id FROM market_groups WHERE parent_group_id IS NOT NULL ON CONFLICT DO NOTHING;--> statement-breakpoint
INSERT INTO `categories` (`category_id`) SELECT DISTINCT category_id FROM `groups` WHERE category_id IS NOT NULL ON CONFLICT DO NOTHING;--> statement-breakpoint
INSERT INTO `regions` (`region_id`) SELECT DISTINCT region_id FROM region_sweeps WHERE TRUE ON CONFLICT DO NOTHING;--> statement-breakpoint
-- And, as in 0003, what the planner is to believe of the new indexes: few objects are missing.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('categories', 'categories_missing', '10 1'),
	('groups', 'groups_missing', '10 1'),
	('locations', 'locations_missing', '10 1'),
	('market_groups', 'market_groups_missing', '10 1'),
	('names', 'names_missing', '100 1'),
	('regions', 'regions_missing', '10 1'),
	('systems', 'systems_missing', '10 1'),
	('types', 'types_missing', '100 1');--> statement-breakpoint
-- And an identity from the beginning, so that what is remembered about a database is bound to it before its first pass.
INSERT INTO meta (key, value) VALUES ('identity', lower(hex(randomblob(16)))) ON CONFLICT DO NOTHING;
