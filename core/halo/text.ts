import { isAscii } from 'node:buffer';
import { MIMEType, TextDecoder } from 'node:util';
import { HaloError } from '../errors.js';
import type { Incoming } from './message.js';
import { Passing } from './retry.js';

type Headers = Incoming['headers'];

/** What an answer is, by its Content-Type. */
export interface MediaType {
  /** `json` is data, `problem` an error as JSON (RFC 9457), `page` a web page; `none` if the header is missing. */
  kind: 'json' | 'problem' | 'page' | 'other' | 'none';
  charset: string | undefined;
}

/** Reads a Content-Type; a malformed one is `other`. */
export function mediaType({ 'content-type': header }: Headers): MediaType {
  const text = String(header ?? '').trim();
  if (text === '') return { kind: 'none', charset: undefined };
  try {
    const { type, subtype, params } = new MIMEType(text);
    return { kind: kindOf(type, subtype), charset: params.get('charset')?.trim() || undefined };
  } catch {
    return { kind: 'other', charset: undefined };
  }
}

function kindOf(type: string, subtype: string): MediaType['kind'] {
  if (subtype === 'html' || subtype === 'xhtml+xml') return 'page';
  if (subtype === 'problem+json') return 'problem';
  if (subtype === 'json') return type === 'application' || type === 'text' ? 'json' : 'other';
  return type === 'application' && /^[^+]+\+json$/.test(subtype) ? 'json' : 'other';
}

/** Decodes the bytes of an answer as they come. */
export interface TextReader {
  add(bytes: Buffer): void;
  /** The whole text. */
  end(): string;
}

/**
 * Reads an answer in the encoding that it names; in UTF-8 if it names none, as JSON requires.
 * @throws HaloError HALO_NOT_JSON for an unknown encoding, HALO_UNEXPECTED for bytes that it does not allow
 * @throws Passing HALO_CUT_OFF if the answer ends within a character
 */
export function textReader(headers: Headers): TextReader {
  const { charset = 'utf-8' } = mediaType(headers);
  // Up to the first other character, UTF-8 is ASCII, which takes half the time to decode in one go.
  const ascii: Buffer[] = [];
  const others: string[] = [];
  let decoder: TextDecoder | undefined;
  return {
    add(bytes) {
      decoder ??= decoderOf(charset, bytes);
      if (decoder.encoding === 'utf-8' && others.length === 0 && isAscii(bytes)) {
        ascii.push(bytes);
        return;
      }
      try {
        others.push(decoder.decode(bytes, { stream: true }));
      } catch {
        throw new HaloError(
          'HALO_UNEXPECTED',
          `Halo's answer is not valid ${decoder.encoding.toUpperCase()} text, so it can't be decoded.`,
          'Look for a proxy between this server and Halo that changes what Halo sends.',
        );
      }
    },
    end() {
      try {
        // Emptied: whoever waited for the answer may still hold this reader while it is parsed.
        const text = Buffer.concat(ascii.splice(0)).toString('latin1') + others.join('') + (decoder?.decode() ?? '');
        return text.replace(/^\uFEFF/, '');
      } catch {
        throw cutOff("Halo's answer ends in the middle of a character: it was cut off.");
      }
    },
  };
}

/** Reads the body of an error, whatever its encoding: it is the status that counts. */
export function leniently(): TextReader {
  const chunks: Buffer[] = [];
  return { add: (bytes) => chunks.push(bytes), end: () => Buffer.concat(chunks).toString('utf8') };
}

function decoderOf(charset: string, bytes: Buffer): TextDecoder {
  // UTF-16 without a mark at its start is little-endian; otherwise the mark says which it is.
  const label = /^utf-?16$/i.test(charset) && bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : charset;
  try {
    // A mark is one only at the start of the text, which is not always the start of what is decoded.
    return new TextDecoder(label, { fatal: true, ignoreBOM: true });
  } catch {
    throw new HaloError('HALO_NOT_JSON', "Halo's answer is written in an encoding that is not known here.");
  }
}

/**
 * An answer that came incomplete; another may not.
 * @param status of an answer that came but says nothing
 */
export const cutOff = (sentence: string, status?: number): Passing =>
  new Passing(new HaloError('HALO_CUT_OFF', sentence, status === undefined ? {} : { status }), 'cut off');
