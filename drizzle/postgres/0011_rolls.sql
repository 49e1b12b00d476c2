CREATE TABLE "roll_attributes" (
	"item_id" bigint NOT NULL,
	"attribute_id" bigint NOT NULL,
	"value" double precision NOT NULL,
	CONSTRAINT "roll_attributes_item_id_attribute_id_pk" PRIMARY KEY("item_id","attribute_id")
);
--> statement-breakpoint
CREATE TABLE "rolls" (
	"item_id" bigint PRIMARY KEY NOT NULL,
	"type_id" bigint NOT NULL,
	"contract_id" bigint NOT NULL,
	"source_type_id" bigint,
	"mutator_type_id" bigint,
	"created_by" bigint,
	"fetched_at" timestamp(0) with time zone,
	"is_unknown" boolean DEFAULT false NOT NULL,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp(0) with time zone,
	"last_answer" text COLLATE "C"
);
--> statement-breakpoint
CREATE INDEX "roll_attributes_value" ON "roll_attributes" USING btree ("attribute_id","value");--> statement-breakpoint
CREATE INDEX "rolls_type" ON "rolls" USING btree ("type_id");--> statement-breakpoint
CREATE INDEX "rolls_waiting" ON "rolls" USING btree ("contract_id") WHERE fetched_at IS NULL AND NOT is_unknown;