CREATE TABLE "dogma_attributes" (
	"attribute_id" bigint PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"display_name" text COLLATE "C",
	"unit_name" text COLLATE "C",
	"high_is_good" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "market_prices" (
	"type_id" bigint PRIMARY KEY NOT NULL,
	"average_price" double precision,
	"adjusted_price" double precision
);
--> statement-breakpoint
CREATE TABLE "meta_groups" (
	"meta_group_id" bigint PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mutation_ranges" (
	"mutator_type_id" bigint NOT NULL,
	"attribute_id" bigint NOT NULL,
	"min" double precision NOT NULL,
	"max" double precision NOT NULL,
	"high_is_good" boolean,
	CONSTRAINT "mutation_ranges_mutator_type_id_attribute_id_pk" PRIMARY KEY("mutator_type_id","attribute_id")
);
--> statement-breakpoint
CREATE TABLE "mutations" (
	"mutator_type_id" bigint NOT NULL,
	"source_type_id" bigint NOT NULL,
	"type_id" bigint NOT NULL,
	CONSTRAINT "mutations_mutator_type_id_source_type_id_pk" PRIMARY KEY("mutator_type_id","source_type_id")
);
--> statement-breakpoint
CREATE TABLE "stargates" (
	"stargate_id" bigint PRIMARY KEY NOT NULL,
	"system_id" bigint NOT NULL,
	"destination_system_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stations" (
	"station_id" bigint PRIMARY KEY NOT NULL,
	"system_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "type_attributes" (
	"type_id" bigint NOT NULL,
	"attribute_id" bigint NOT NULL,
	"value" double precision NOT NULL,
	CONSTRAINT "type_attributes_type_id_attribute_id_pk" PRIMARY KEY("type_id","attribute_id")
);
--> statement-breakpoint
ALTER TABLE "systems" ADD COLUMN "region_id" bigint;--> statement-breakpoint
ALTER TABLE "types" ADD COLUMN "meta_group_id" bigint;--> statement-breakpoint
ALTER TABLE "types" ADD COLUMN "volume" double precision;--> statement-breakpoint
ALTER TABLE "types" ADD COLUMN "packaged_volume" double precision;--> statement-breakpoint
ALTER TABLE "types" ADD COLUMN "is_dynamic" boolean;