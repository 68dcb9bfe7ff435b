/**
 * Places on AWS, for tests that are written for any place: everything on AWS with one server, and either several servers
 * (`prove`) or, since those take their time, one with its events in the embedded database and the rest on AWS.
 * Decides nothing about what is asked of them. The clouds stay within reach for what is to be seen behind the tests.
 */
import { type Place, type PlaceKind, onPGlite, onPostgres } from "../e2e/Place.ts"
import { dataDir, filledDataDir } from "../e2e/Processes.ts"
import { type Cloud, startCloud } from "./Cloud.ts"

const proving = process.env["PROVE"] === "1"
const replicas = 3

export interface PlacesOnAws {
  readonly kinds: ReadonlyArray<PlaceKind>
  /** Those of the places that were made. */
  readonly clouds: ReadonlyArray<Cloud>
}

export const placesOnAws = (): PlacesOnAws => {
  const clouds: Array<Cloud> = []
  const made = async (data: Awaited<ReturnType<typeof dataDir>>, env = {}): Promise<Place> => {
    const cloud = await startCloud()
    clouds.push(cloud)
    return {
      env: { PUNCTUAL_DATA_DIR: data.path, ...cloud.env, ...env },
      databaseUrl: null,
      close: async () => {
        await cloud.close()
        await data.remove()
      }
    }
  }
  const onAwsAlone = async () => made(await dataDir())
  const mixed = async () => made(await filledDataDir(), { PUNCTUAL_STORE: "postgres" })
  return {
    clouds,
    kinds: [
      { ...onPGlite, name: "one server on AWS", make: onAwsAlone },
      proving
        ? { ...onPostgres(replicas), name: `${replicas} servers on AWS`, make: onAwsAlone }
        : { ...onPostgres(1), name: "events in the embedded database, the rest on AWS", make: mixed }
    ]
  }
}
