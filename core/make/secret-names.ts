/*
 * Names of fields that may hold a secret, in the languages of Halo's markets: English, German, French, Spanish,
 * Portuguese, Italian, Dutch, Danish, Norwegian, Swedish, Finnish, Polish, and some words of their neighbours. Names are
 * compared by `wordsOf`: lower case without accents, with one space between words.
 */

/** Harmless words that contain a telling one. They are skipped. */
const HARMLESS: readonly RegExp[] = [
  /\bsecretar\w*/g, // Secretary, secrétariat, secretaría
  /\bbankruptcy\b|\bbank holidays?\b|\b(power|battery|food) banks?\b/g,
  /\btoken ?rings?\b/g,
  /\bgeheim(haltung|houding)\w*/g, // a non-disclosure agreement
  /\bdisaster recovery\b|\brecovery (time|point|plan|site|test|objective)s?\b/g,
  /\b(palabras?|palavras?|parol[ae]) (claves?|chaves?|chiave)\b|\bmots? cles?\b/g, // keywords
  /\b(contacto?|cliente?|client|contat[ot]o?|chiffres?) (claves?|chaves?|chiave|cles?)\b/g, // key contact, key client
  /\bcles? usb\b/g, // a memory stick
];

/** Letters that are not a letter plus an accent. */
const LETTERS: Record<string, string> = { ß: 'ss', ł: 'l', ø: 'o', æ: 'ae', œ: 'oe', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };

/** Lower case, without accents. */
const bare = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßłøæœđðþı]/g, (letter) => LETTERS[letter] ?? letter);

const anyOf = (words: string) => bare(words).trim().split(/\s+/).join('|');

/** Telling anywhere, also within a word: `adminpassword`, `Benutzerkennwort`. */
const STEMS = anyOf(`
  passwor[dt] passwd passphrase passcode passkey contrasen contrasenh contrasenya motdepasse wachtwoord wachtzin
  kennwort losenord loesenord losenkod adgangskode kodeord passord salasana tunnussana tunnusluku palavrapasse
  wagwoord lykilord cyfrinair jelszo slaptazod lozinka geslo credencia credenzial credential secret geheim
  hemlig hemmelig segreto segredo bitlocker zugangsdaten anmeldedaten anmeldeinformation logindaten inloggegevens
  aanmeldgegevens inloggningsuppgift kreditkarte creditcard kontonummer rekeningnummer bankverbindung bankkonto
  zugangscode zugriffscode sicherheitscode toegangscode beveiligingscode sakerhetskod sikkerhedskod sikkerhetskod
  tilgangskod atkomstkod paasykoodi turvakoodi pincode pinkod pinnumm pinnumer totp connectionstring passw0rd
  парол лозинк κωδικοσπροσβασησ סיסמה パスワード 暗証番号 密码 密碼 비밀번호
`);

/** Telling at the beginning of a word. */
const STARTS = anyOf('token pwd pswd haslo hasla hesla heslo senha iban bankdaten bankaccount bankcode sifre jeton');

/** Telling at the end of a word, as in compounds of Germanic languages, Finnish and Hungarian. */
const ENDS = anyOf(`
  [a-z]pw token tokens schlussel schluessel schlussels schlusseln sleutel sleutels nogle nogler noegle nokkel nokler
  nokkler noekkel nyckel nycklar avain avaimet kulcs kulcsok lykill vaultkey
`);

/** Telling as whole words. */
const WORDS = anyOf(`
  pw pass passes pwds psw psk pins? mfa otp hotp cvv cvc iban recovery bank banks banking banca banque banco
  bearer cookies? mnemonic passw kennw
  parola klucz klucze klic klice kluc mdp puk losen
`);

/** Words before or after a key of some kind that make it a secret. */
const KEYED = anyOf(`
  api licen[cs]e?s? product access encryption recovery security shared ssh wifi wpa private secret activation
  registration master host storage account signing session root admin vpn serial windows office server cd
`);

/** In Romance languages the key comes before what it opens: `clé de licence`, `clave wifi`, `chave de acesso`. */
const KEYS = '(?:cles?|clefs?|claves?|chaves?|chiav[ei]|claus?|cheie|cheia|cheile)';
const OF = '(?:d|de|du|del|della|di|da|do|la|le|l|en|pour|para)';

const PHRASES = [
  String.raw`mots? de passe|phrases? (?:secrete|de passe)|palavras? passe|parola d ?ordine|codigo (?:pin|de (?:acces|seguri|acess|segura)\w*)`,
  `codes? (?:d )?(?:acces|secret|pin|confidentiel|de securite)|codice (?:pin|segreto|di (?:accesso|sicurezza))|kod (?:pin|dostepu)`,
  String.raw`(?:access|alarm|door|gate|entry|safe|security|unlock|keypad|key|backup|recovery|pin|wifi) ?codes?\b`,
  String.raw`(?:safe|alarm|lock|vault) ?comb(?:o|in)\w*|(?:seed|recovery) ?phrases?|security ?(?:question|answer)s?|\bp a s s w o r d|\bp ssword`,
  String.raw`snmp ?(?:community|string)|community ?strings?|session ?ids?\b`,
  String.raw`(?:${KEYED}) ?keys?\b|\bkeys?$|\bkeys? \d+$`,
  String.raw`^${KEYS}(?: \d+)?$|\b${KEYS} (?:${OF} )*(?:${KEYED}|produ\w*|prodott\w*|licen\w*|acce\w*|acess\w*|activ\w*|ativ\w*|attiv\w*|securit\w*|segur\w*|sicur\w*|chiffr\w*|cifr\w*|recup\w*|reseau|red|rede|rete|prive\w*|privad\w*|privat\w*|partag\w*|compart\w*|condivis\w*|publi\w*|public\w*|serie|secret\w*|pix)`,
  String.raw`cards? ?(?:n|no|nr|num|number|numbers)\b|(?:credit|debit) cards?|carte (?:bancaire|de credit)|tarjeta de credito|carta di credito|cartao de credito`,
  String.raw`\b2 ?fa\b|connection ?strings?|bit lockers?|sort ?codes?|bank ?(?:account|details?)|كلمة (?:المرور|السر)`,
];

const SECRET = new RegExp(
  [
    `(?:${STEMS})`,
    `\\b(?:${STARTS})`,
    `(?:${ENDS})\\b`,
    `\\b(?:${WORDS})\\b`,
    ...PHRASES.map((phrase) => `(?:${phrase})`),
  ].join('|'),
);

/** A name's words: `CFadminPassword1` → `cfadmin password 1`. */
export const wordsOf = (name: string): string =>
  bare(
    name
      .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
      .replace(/(\p{L})(?=\p{N})|(\p{N})(?=\p{L})/gu, '$1$2 ')
      .replace(/[^\p{L}\p{N}\p{M}]+/gu, ' '),
  )
    .replace(/\bwi fi/g, 'wifi')
    .trim();

/** How a name may be meant: capitals may end a word (`APIKey`) or be one (`PINs`); Halo puts CF before its own. */
export const readings = (name: string): string[] =>
  [name, name.replace(/^CF(?=\p{L})/u, '')].flatMap((one) => [
    wordsOf(one),
    wordsOf(one.replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ')),
  ]);

/** True for the name of a field that may hold a secret, in any of the languages. */
export const soundsSecret = (name: string): boolean =>
  readings(name).some((words) => SECRET.test(HARMLESS.reduce((rest, pattern) => rest.replace(pattern, ' '), words)));

/** True if the words of one name occur in another, whole and in order. */
export const holdsWords = (name: string, words: string): boolean =>
  readings(name).some((own) => ` ${own} `.includes(` ${words} `));
