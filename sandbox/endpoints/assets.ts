import { ASSET_TYPES, type Asset, type AssetType } from '../tenant/assets.js';
import { haloDate } from '../tenant/clock.js';
import { clientOf, type Tenant } from '../tenant/index.js';
import { guid } from '../tenant/random.js';
import type { Row } from '../types.js';
import { bareEndpoint, type Endpoint, pagedEndpoint } from './define.js';
import { like } from './people.js';

/** Largest page of /Asset. */
const CAP = 50;

export const assets: Endpoint = pagedEndpoint({
  path: 'asset',
  scope: 'read:assets',
  key: 'assets',
  cap: CAP,
  order: { id: (asset: Asset) => asset.id, inventory_number: (asset: Asset) => asset.tag.toLowerCase() },
  find: (tenant, query) => {
    const [client, site, user, type, contract] = ['client_id', 'site_id', 'user_id', 'assettype_id', 'contract_id'].map(
      query.int,
    );
    return tenant
      .assets()
      .filter(
        (asset) =>
          (!asset.inactive || query.flag('includeinactive')) &&
          (client === undefined || asset.site.client === client) &&
          (site === undefined || asset.site.id === site) &&
          (user === undefined || asset.user?.id === user) &&
          (type === undefined || asset.type.id === type) &&
          (contract === undefined || asset.contract === contract) &&
          like(query.text('search'), asset.tag, asset.model, asset.serial, clientOf(asset.site.client).name),
      );
  },
  show: (asset, tenant, query) => ({
    ...assetRow(asset, tenant),
    ...(query.flag('includeassetfields') ? { fields: fieldsOf(asset) } : {}),
  }),
  detail(tenant, id) {
    const asset = tenant.assets().find((one) => one.id === id);
    return (
      asset && {
        ...assetRow(asset, tenant),
        users: asset.user === undefined ? [] : [{ id: asset.user.id, name: asset.user.name }],
        ...{ fields: fieldsOf(asset), customfields: [], notes: '' },
      }
    );
  },
});

function assetRow(asset: Asset, tenant: Tenant): Row {
  const { site, type } = asset;
  return {
    ...{ id: asset.id, inventory_number: asset.tag, key_field: asset.tag, key_field2: asset.model },
    ...{ key_field3: asset.serial, client_id: site.client, client_name: clientOf(site.client).name },
    ...{ site_id: site.id, site_name: site.name, assettype_id: type.id, assettype_name: type.name },
    ...{ status_id: 1, inactive: asset.inactive, sla_id: -1, priority_id: 0, supplier_id: 0, supplier_name: '' },
    ...{ contract_id: asset.contract, contract_ref: tenant.contract(asset.contract)?.ref ?? '', item_id: 0 },
    ...{ itemstock_id: 0, device_number: asset.id, business_owner_id: -99, business_owner_name: '' },
    ...{ technical_owner_id: -99, technical_owner_name: '', criticality: 0, colour: '#FFFFFF', icon: type.icon },
    ...{ use: 'asset', datto_id: '', ninjarmm_id: 0, last_modified: haloDate(asset.seen), third_party_id: 0 },
    ...{ is_template: false, ...(asset.user === undefined ? {} : { username: asset.user.name }) },
  };
}

const fieldsOf = (asset: Asset): Row[] => [
  { id: 1, name: 'Serial number', value: asset.serial },
  { id: 2, name: 'Operating system', value: asset.system },
  { id: 3, name: 'Warranty end', value: haloDate(asset.warranty).slice(0, 10) },
  { id: 4, name: 'Notes of the RMM', value: '' },
];

export const assetTypes: Endpoint = bareEndpoint({
  path: 'assettype',
  scope: 'read:assets',
  find: () => ASSET_TYPES,
  show: (type: AssetType) => ({
    ...{ id: type.id, guid: guid(0xa7, type.id), name: type.name, assetgroup_id: type.group[0] },
    ...{ assetgroup_name: type.group[1], keyfield_id: 1, keyfield_name: 'Asset tag', keyfield2_id: 2 },
    ...{ keyfield2_name: 'Model', keyfield3_id: 3, keyfield3_name: 'Serial', linkedcontracttype: 0 },
    ...{ defaultsequence: 0, item_code: '', monthlycost: 0, yearlycost: 0, weeklycost: 0, quarterlycost: 0 },
    ...{ fiid: 0, manufacturer: 0, supplier1: 0 },
  }),
});
