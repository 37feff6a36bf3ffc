import { OUTCOMES, type Outcome } from '../tenant/outcomes.js';
import { bareEndpoint } from './define.js';

/** The outcomes of an action; Halo's own ones only on request. */
export const outcomes = bareEndpoint({
  path: 'outcome',
  find: (_, query) => OUTCOMES.filter(({ system }) => system !== true || query.flag('showsystemactions')),
  show: ({ id, name, mail, status, hides }: Outcome) => ({
    ...{
      id,
      outcome: name,
      buttonname: name,
      labellong: name,
      sequence: id,
      hidden: false,
      systemid: id < 10 ? id : 0,
    },
    ...{ sendemail: mail, hidesendemail: mail === 2, sendsms: 0, emailtemplate_id: mail > 0 ? 31 : 0 },
    ...{ newstatus: status ?? -1, hidefromuser: hides === true, actionvisibility: hides !== true, respondtype: 0 },
    ...{ mustaddnote: false, defaultmanhrs: 0, defaultnonbill: 0, chargerate: 0, usetimer: false, isimportant: false },
    ...{ default_private_note: '' },
  }),
});
