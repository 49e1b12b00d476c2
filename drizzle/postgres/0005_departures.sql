CREATE TABLE "departures" (
	"contract_id" bigint PRIMARY KEY NOT NULL,
	"region_id" bigint NOT NULL,
	"generated_at" timestamp(0) with time zone NOT NULL,
	"is_doubtful" boolean NOT NULL
);
--> statement-breakpoint
ALTER TABLE "contracts" ALTER COLUMN "item_count" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "contract_changes" ADD COLUMN "field" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "contract_changes" ADD COLUMN "old_value" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "contract_changes" ADD COLUMN "new_value" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "runs" ADD COLUMN "regions_doubtful" bigint;--> statement-breakpoint
CREATE INDEX "departures_region" ON "departures" USING btree ("region_id");--> statement-breakpoint
CREATE INDEX "contract_changes_field" ON "contract_changes" USING btree ("contract_id") WHERE field IS NOT NULL;--> statement-breakpoint
-- Added by hand: what earlier releases stored as 0 items without a question, and as expired in spite of a bid.
UPDATE contracts SET item_count = NULL WHERE type NOT IN ('item_exchange', 'auction', 'courier');--> statement-breakpoint
UPDATE contracts SET outcome = 'sold' WHERE type = 'auction' AND outcome = 'expired'
	AND EXISTS (SELECT 1 FROM contract_bids WHERE contract_bids.contract_id = contracts.contract_id);
