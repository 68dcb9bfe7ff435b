/** The in-memory secret store passes the contract that every secret store passes. */
import * as SecretsContract from "../../testing/contract/SecretsContract.ts"
import * as SecretsMemory from "../../testing/memory/SecretsMemory.ts"

SecretsContract.suite("memory", SecretsMemory.layer, {
  tamper: {
    corrupt: (ref) => SecretsMemory.SecretsProbe.use((probe) => probe.corrupt(ref)),
    transplant: (from, to) => SecretsMemory.SecretsProbe.use((probe) => probe.transplant(from, to))
  }
})
