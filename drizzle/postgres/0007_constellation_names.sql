-- Written by hand: the constellations of the systems that are known have names, which the next pass asks for.
INSERT INTO "names" ("id") SELECT DISTINCT constellation_id FROM systems WHERE constellation_id IS NOT NULL ON CONFLICT DO NOTHING;
