import { describe, expect, test } from 'vitest';
import { secretTest, setFields } from '../../../core/make/fields.js';
import { soundsSecret } from '../../../core/make/secret-names.js';

const SECRET: Record<string, string> = {
  English:
    'Password|Password1|PASSWORD|passwordhash|CFadminPassword|CFpin|Passwords|Passwd|PassWord|Pass phrase|Passcode|Passkey|PW|Root PW|rootPW|adminpw|pwd|PIN|PIN1|PINs|PIN code|Pincode|Door PIN|APIKEY1|API key|apiKey|api_key|License Key1|Licence key|Windows Product Key|WiFi key|Wi-Fi Key|WPA2 Key|SSH key|VPN pre-shared key|PSK|BitLocker|BitLocker recovery|Recovery code|MFA|2FA seed|OTP|TOTP secret|Client Secret2|Secretary password|Access token|tokenValue|SASToken|Refresh-Token|Private key|Credentials|Connection string|Bank account|IBAN|Sort code|Card number|CVV|Alarm code|Door code|Key|Key 2|CFkey|CFlicence_key',
  German:
    'Passwort|Passwort2|Passwörter|Kennwort|Benutzerkennwort|Schlüssel|Lizenzschlüssel|WLAN-Schlüssel|WLAN Schluessel|Zugangsdaten|PIN-Nummer|Zugangscode|Geheimzahl',
  French:
    "mot de passe|Mots de passe|Mot de passe Wi-Fi|MotDePasse|Clé|Clé de licence|Clé API|clé wifi|Clé d'activation|Code d'accès|phrase secrète",
  Spanish: 'contraseña|Contrasena1|Contraseña del router|Clave|Clave wifi|clave de licencia|Código de acceso',
  Portuguese: 'senha|Senha do Wi-Fi|Palavra-passe|Chave de licença|Código de segurança',
  Italian: "Chiave di licenza|Chiave API|Parola d'ordine|Codice PIN|Codice di accesso",
  Dutch: 'wachtwoord|Wachtwoord2|Sleutel|Licentiesleutel|Toegangscode',
  Nordic:
    'Adgangskode|Kodeord|Licensnøgle|Passord|Lisensnøkkel|Sikkerhetskode|Lösenord|Losenord|Licensnyckel|Lösenkod|Salasana|Tuoteavain|Tunnusluku',
  Polish: 'Hasło|hasło do wifi|Klucz licencyjny|Klucz API|Kod dostępu',
  others: 'Heslo|Licenční klíč|Jelszó|Parolă|Şifre|Пароль|パスワード|密码|비밀번호',
};

const ORDINARY =
  'Keyboard|Monkey|Token Ring|Compass|Passenger|Passenger lift|Passed inspection|Passport|Bypass|Pinpoint|Spinning disk|Shipping|Key contact|Key account manager|Keynote|Turkey office|Hotkey|Secretary|Sekretariat|Secretaría|Secrétariat|Bankruptcy|Bank holiday cover|Power bank|Embankment|Databank|Disaster recovery plan|Recovery time objective|Area code|Postcode|Cost code|Product code|Site code|Rack|Serial number|Asset tag|Client clé|Mot clé|Mots-clés|Clé USB|Palabra clave|Contacto clave|Palavra-chave|Contato chave|Parola chiave|Schlüsselkontakt|Geheimhaltungsvereinbarung|Sleutelcontact|Kluczowy klient|Avainasiakas|Nyckelkund|Nøglekontakt|Nøkkelkunde|Login name|User name|Warranty|Opinion|Backup codec|Tokyo|Keystone|Whiskey|Host|Storage|Account|Recorder|Hostname';

describe.each(Object.entries(SECRET))('a field that holds a secret by its name, in %s', (_, names) => {
  test.each(names.split('|'))('%s', (name) => {
    expect(soundsSecret(name)).toBe(true);
    expect(setFields([{ name: 'CFx', label: name, value: 'canary' }])).toEqual([]);
    expect(setFields([{ name, label: 'Fine', value: 'canary' }])).toEqual([]);
  });
});

test.each(ORDINARY.split('|'))('an ordinary field is shown: %s', (name) => {
  expect(soundsSecret(name)).toBe(false);
});

describe('what an operator adds and allows', () => {
  const isSecret = secretTest({ add: ['Lab-Code', 'mädchenname'], allow: ['Token colour', 'Bank'] });
  test.each<[string, boolean]>([
    ['Lab code', true],
    ['CFmainLabCode2', true],
    ['LAB_CODE', true],
    ['Slab coder', false],
    ['Mädchenname der Mutter', true],
    ['Madchenname', true],
    ['Token colour', false],
    ['CFtokenColour', false],
    ['Token colour 2', true],
    ['Bank', false],
    ['Bank account', true],
    ['Password', true],
  ])('with what the operator adds and allows, a field named %s is a secret: %s', (name, verdict) => {
    expect(isSecret(name)).toBe(verdict);
    expect(isSecret(name)).toBe(verdict);
  });

  test('what is added wins over what is allowed, and encryption in Halo over both', () => {
    expect(secretTest({ add: ['Colour'], allow: ['Token colour'] })('Token colour')).toBe(true);
    expect(setFields([{ name: 'Bank', value: 'x', isencrypted: true }], { isSecret })).toEqual([]);
    expect(setFields([{ name: 'Bank', value: 'x' }], { isSecret })).toEqual([{ name: 'Bank', value: 'x' }]);
  });
});
