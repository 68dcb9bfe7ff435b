/**
 * A process that opens a data directory, says so, and holds it until it is ended.
 *
 * Arguments: the directory. Prints `opened` or the tag and message of why it could not.
 */
import { Effect, Layer } from "effect"
import { layerPGlite } from "../../src/Open.ts"

const dataDir = process.argv[2] ?? ""

const program = Layer.build(layerPGlite({ dataDir })).pipe(
  Effect.andThen(Effect.sync(() => process.stdout.write("opened\n"))),
  Effect.andThen(Effect.never),
  Effect.scoped,
  Effect.catch((error) => Effect.sync(() => process.stdout.write(`${error._tag}: ${error.message}\n`)))
)

// Something must keep the process alive while nothing happens.
const alive = setInterval(() => {}, 1 << 30)
Effect.runPromise(program).then(
  () => clearInterval(alive),
  () => process.exit(1)
)
