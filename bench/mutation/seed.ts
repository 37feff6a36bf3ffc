import fc from 'fast-check';

// The same random books on every run. A failure is not shrunk, as that takes longest.
fc.configureGlobal({ seed: 20261015, endOnFailure: true });
