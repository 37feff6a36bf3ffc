import { type Columns, column } from '../../core/index.js';

/** A client as a row. Halo stores the account manager as an agent's id. */
export const clientColumns: Columns = {
  id: column.id(),
  name: column.foreign('name', 80),
  inactive: column.flag('inactive'),
  account_manager: column.lookup('agent', 'accountmanagertech', 'accountmanagertech_name'),
  top_level: column.foreign('toplevel_name', 60),
};

export const moreClientColumns: Columns = {
  type: column.lookup('customertype', 'customertype', 'customertype_name'),
  currency: column.lookup('currency', 'default_currency_code'),
  vip: column.flag('is_vip'),
  website: column.foreign('website', 100),
};

/** A client as a record. */
export const clientFields: Columns = {
  ...clientColumns,
  ...moreClientColumns,
  reference: column.foreign('ref', 60),
  main_site: column.foreign('main_site_name'),
  invoice_email: column.foreign('accountsemailaddress'),
  billed_through_id: column.ref('client_to_invoice'),
  recurring_billed_through_id: column.ref('client_to_invoice_recurring'),
  created: column.day('datecreated'),
  notes: column.html('notes', 600),
};

export const siteColumns: Columns = {
  id: column.id(),
  name: column.foreign('name', 60),
  phone: column.foreign('phonenumber', 40),
  main_contact_id: column.ref('maincontact_id'),
  inactive: column.flag('inactive'),
};

export const contactColumns: Columns = {
  id: column.id(),
  name: column.foreign('name', 60),
  email: column.foreign('emailaddress', 80),
  phone: column.foreign(['phonenumber_preferred', 'phonenumber', 'mobilenumber'], 40),
  site: column.foreign('site_name', 60),
  important: column.flag('isimportantcontact'),
};
