CREATE TABLE "contract_values" (
	"contract_id" bigint PRIMARY KEY NOT NULL,
	"estimated_value" double precision,
	"unpriced_item_count" bigint NOT NULL
);
