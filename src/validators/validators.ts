import { type Deserialize, Keyv, type KeyvStoreAdapter } from 'keyv';
import * as z from 'zod';
import { messageOf } from '../errors.ts';

const pageValidatorSchema = z.object({
  etag: z.string().nullable(),
  last_modified: z.string().nullable(),
  /** With milliseconds; not to be asked about again before. */
  expires_at: z.iso.datetime(),
  pages: z.int().nullable(),
  contract_ids: z.array(z.int()),
  quarantined: z.array(z.string()),
  /** Why the list was not whole, where the flaw stayed and the list was believed as far as its pages agree. */
  flaw: z.string().optional(),
});

/**
 * What is remembered of a list's page: its validator, and the contracts that a 304 to it stands for. They are one
 * value, so that neither can outlive the other.
 */
export type PageValidator = z.output<typeof pageValidatorSchema>;

/** Validators by URL, kept between passes. Losing them costs unconditional requests and nothing else. */
export interface Validators {
  /** In the order of the URLs; undefined where nothing usable is held. */
  read(urls: readonly string[]): Promise<(PageValidator | undefined)[]>;
  write(url: string, validator: PageValidator): Promise<void>;
  close(): Promise<void>;
}

export interface ValidatorsOptions {
  readonly store: KeyvStoreAdapter;
  /** Of the database whose contents the validators speak of: another database never sees them. */
  readonly identity: string;
  /** Called once, when the store fails; from then on nothing is read or written. */
  readonly onFailure: (message: string) => void;
}

/** Remembers nothing: every list is asked for unconditionally. */
export const noValidators: Validators = {
  async read(urls) {
    return urls.map(() => undefined);
  },
  async write() {},
  async close() {},
};

/** An entry that is no longer JSON is as good as none; it is written anew when its page has answered. */
const parseEntry = ((text: string) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}) as Deserialize;

export function openValidators({ store, identity, onFailure }: ValidatorsOptions): Validators {
  // The store adds the namespace itself; Keyv would add it a second time.
  const namespace = `hangarbay:${identity}`;
  const keyv = new Keyv({ store, namespace, useKeyPrefix: false, throwOnErrors: true, deserialize: parseEntry });
  let failed = false;

  function giveUp(error: unknown): void {
    if (!failed) onFailure(messageOf(error));
    failed = true;
  }
  keyv.on('error', giveUp);

  return {
    async read(urls) {
      if (failed || urls.length === 0) return urls.map(() => undefined);
      try {
        const values = await keyv.get<unknown>([...urls]);
        return values.map((value) => pageValidatorSchema.safeParse(value).data);
      } catch (error) {
        giveUp(error);
        return urls.map(() => undefined);
      }
    },
    async write(url, validator) {
      if (failed) return;
      try {
        await keyv.set(url, validator);
      } catch (error) {
        giveUp(error);
      }
    },
    async close() {
      await keyv.disconnect();
    },
  };
}
