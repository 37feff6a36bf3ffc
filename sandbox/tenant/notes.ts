/** `[outcome id, outcome, note]` of an agent at work. Some hold HTML, as mail makes it. */
export const WORK_NOTES: readonly (readonly [number, string, string])[] = [
  [4, 'Respond to User', 'Restarted the service, asked the user to retry.'],
  [7, 'Private Note', 'Same fault as last month, the driver was rolled back then.'],
  [
    4,
    'Respond to User',
    '<p>Hello,</p><p>could you send a <b>screenshot</b> of the error &amp; the time it happened?</p>',
  ],
  [7, 'Private Note', 'Network port dead, moved to port 14.'],
  [11, 'Remote Support', 'Remote session, 20 minutes. Cleared the cache and the saved credentials.'],
  [
    4,
    'Respond to User',
    '<div>Fixed &ndash; please sign out and in again.<span style="display:none">tracking 8841</span></div><br>Kind regards',
  ],
  [11, 'Remote Support', 'Updated firmware to the current release; tested with the user.'],
  [12, 'Waiting for Supplier', 'Raised with the carrier, their reference is 77-1093.'],
  [
    7,
    'Private Note',
    '<table><tr><td>Ping</td><td>&lt;1&nbsp;ms</td></tr><tr><td>Loss</td><td>0&nbsp;%</td></tr></table><!-- pasted -->',
  ],
  [13, 'Site Visit', 'On site 10:00 to 11:15. Replaced the cable in cabinet B.'],
  [4, 'Respond to User', 'Is this working for you now? We will close the ticket tomorrow if we hear nothing.'],
  [7, 'Private Note', 'Checked sign-in logs: 14 failures from one address, blocked it.'],
];

export const USER_REPLIES: readonly string[] = [
  'Still the same, I am afraid.',
  'Works now, many thanks!',
  '<p>It happens on my colleague&#39;s machine too.</p><p style="font-size:0">Sent from my phone</p>',
  'I am out until Thursday, can you call me then?',
];

export const CLOSING_NOTES: readonly string[] = [
  'Confirmed with the user, closing.',
  'No reply for three days, closing.',
  'Replaced under warranty. Asset record updated.',
  'Change done in the window, monitored for an hour.',
];
