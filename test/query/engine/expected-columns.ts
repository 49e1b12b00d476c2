/** The columns that scripts rely on, in their order. */
export const contractColumns = (
  'contract_id type title price reward collateral buyout volume days_to_complete for_corporation ' +
  'date_issued date_expired issuer_id issuer_corporation_id start_location_id end_location_id ' +
  'region_id region_name system_id system_name start_location_name end_location_name ' +
  'start_location_is_imported issuer_name issuer_corporation_name state outcome direction effective_price first_seen_at last_seen_at gone_at item_count ' +
  'ship_type_id ship_name security_status estimated_value unpriced_item_count margin constellation_name'
).split(' ');

export const bidColumns = ['bid_id', 'amount', 'date_bid'];

export const itemColumns = (
  'record_id type_id type_name group_id group_name category_id category_name market_group_id quantity is_included ' +
  'is_blueprint_copy item_id material_efficiency time_efficiency runs roll average_price'
).split(' ');

export const changeColumns = (
  'cursor at change contract_id region_id region_name type title price reward collateral buyout volume ' +
  'date_issued date_expired issuer_id start_location_id end_location_id start_location_name end_location_name ' +
  'issuer_name outcome item_count ship_type_id ship_name bid_id amount date_bid ' +
  'system_name state direction effective_price field old_value new_value'
).split(' ');
