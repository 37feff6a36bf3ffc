import { definePlugin } from '../../core/index.js';
import { addPrivateNote } from './add-private-note.js';
import { createTicket } from './create-ticket.js';
import { logTime } from './log-time.js';
import { updateTicket } from './update-ticket.js';

export default definePlugin({
  name: 'desk-actions',
  apiVersion: 1,
  title: 'Desk actions',
  description: 'private notes, time, changes of tickets; each tool only where allowWrites names it',
  tools: [addPrivateNote, logTime, updateTicket, createTicket],
});
