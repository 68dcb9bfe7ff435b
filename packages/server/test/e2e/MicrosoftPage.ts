/**
 * Somebody at the simulated Microsoft's sign-in page, without a browser.
 * Decides nothing: fills in the page's own form, and says where the browser would have been sent.
 */

/** The address that the browser would be sent back to. `authorizeUrl` is where the sign-in began. */
export const consented = async (
  authorizeUrl: string,
  account: string,
  decision: "accept" | "cancel" = "accept"
): Promise<string> => {
  const page = await (await fetch(authorizeUrl)).text()
  const fields = new URLSearchParams()
  for (const [, name = "", value = ""] of page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)) {
    fields.set(name, value.replaceAll("&amp;", "&").replaceAll("&quot;", '"'))
  }
  fields.set("account", account)
  fields.set("decision", decision)
  const sent = await fetch(authorizeUrl.split("?", 1)[0] ?? "", { method: "POST", body: fields, redirect: "manual" })
  const location = sent.headers.get("location")
  if (location === null) throw new Error(`Microsoft's page answered ${sent.status}: ${await sent.text()}`)
  return location
}
