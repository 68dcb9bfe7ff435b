/** The in-memory accounts pass the contract that every implementation passes. */
import * as AccountsContract from "../../testing/contract/AccountsContract.ts"
import * as AccountsMemory from "../../testing/memory/AccountsMemory.ts"

AccountsContract.suite("memory", AccountsMemory.layer)
