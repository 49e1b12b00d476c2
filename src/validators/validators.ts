import { type Deserialize, Keyv, type KeyvStoreAdapter } from 'keyv';
import * as z from 'zod';
import { messageOf } from '../errors.ts';

const pageValidatorSchema = z.object({
  etag: z.string().nullable(),
  last_modified: z.string().nullable(),
  /** Time of the next request at the earliest, with milliseconds. */
  expires_at: z.iso.datetime(),
  pages: z.int().nullable(),
  contract_ids: z.array(z.int()),
  quarantined: z.array(z.string()),
  /** Why the list was not whole, if the flaw persisted and the pass used what its pages agree on. */
  flaw: z.string().optional(),
});

/**
 * What is remembered of a list's page: its validator, and the contracts that a 304 to it stands for. They are one
 * value, so that neither can outlive the other.
 */
export type PageValidator = z.output<typeof pageValidatorSchema>;

/** Validators by URL, kept between passes. Losing them costs unconditional requests and nothing else. */
export interface Validators {
  /** In the order of the URLs; undefined for each URL without a usable entry. */
  read(urls: readonly string[]): Promise<(PageValidator | undefined)[]>;
  write(url: string, validator: PageValidator): Promise<void>;
  close(): Promise<void>;
}

export interface ValidatorsOptions {
  readonly store: KeyvStoreAdapter;
  /** The database whose contents the validators describe. Other databases never see them. */
  readonly identity: string;
  /** Called once, when the store fails. After that, nothing is read or written. */
  readonly onFailure: (message: string) => void;
}

/** Holds nothing, so every list is requested unconditionally. */
export const noValidators: Validators = {
  async read(urls) {
    return urls.map(() => undefined);
  },
  async write() {},
  async close() {},
};

/** Ignores malformed entries; the next answer for the page overwrites them. */
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
