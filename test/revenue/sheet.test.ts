import { describe, expect, test } from 'vitest';
import { csvOf, sheetOf } from '../../revenue/index.js';

/** Cells as a spreadsheet cuts them that takes another character for the end of one. */
const cells = (csv: string, separator: string) =>
  csv.split('\n').flatMap((line) => line.split(separator).map((cell) => cell.replace(/^[\s"]+/, '')));

describe('a file for a spreadsheet runs nothing', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['＝1+1', "'＝1+1"],
    [' =1+1', " '=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-cmd', "'-cmd"],
    ['Contoso;=1+1', "Contoso;'=1+1"],
    ['Contoso;"=1+1"', 'Contoso;"\'=1+1"'],
    ['Contoso\t+1;-2', "Contoso\t'+1;'-2"],
    ['Smith & Co - Dental', 'Smith & Co - Dental'],
    ['25.6 (most 32)', '25.6 (most 32)'],
  ])('%j, whatever column it stands in', (name, shown) => {
    const csv = csvOf([{ anything: name, net: '1.00' }], ['anything', 'net']);
    expect(csv).toContain(/[,"\n\t]/.test(shown) ? shown.replaceAll('"', '""') : `${shown},1.00`);
    for (const separator of [';', '\t'])
      expect(cells(csv, separator).filter((cell) => /^[=+\-@＝]/.test(cell))).toEqual([]);
  });

  test.each(['\t', '\n', ' '])('a name with many of %j is written at once', (blank) => {
    const many = blank.repeat(400_000);
    const csv = csvOf([{ name: `a${many}b;${many}=1` }], ['name']);
    expect(csv.slice(-20)).toMatch(/\s'=1"?\n$/);
  });

  test('figures below zero stay figures', () => {
    expect(sheetOf('ar_ageing', [{ client: 'A', net: '-12.50', days: -3 }], { complete: true }).text).toBe(
      'client,net,days,complete\nA,-12.50,-3,true\n',
    );
  });
});
