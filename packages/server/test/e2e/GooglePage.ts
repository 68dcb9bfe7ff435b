/**
 * Somebody at the simulated Google's consent page, without a browser.
 * Decides nothing: fills in the page's own form, with every box ticked but those named, and says where the browser would have
 * been sent.
 */

/** The address that the browser would be sent back to. `authorizeUrl` is where the sign-in began. */
export const consentedAtGoogle = async (
  authorizeUrl: string,
  account: string,
  {
    decision = "accept",
    unticked = []
  }: { readonly decision?: "accept" | "cancel"; readonly unticked?: ReadonlyArray<string> } = {}
): Promise<string> => {
  const page = await (await fetch(authorizeUrl)).text()
  const fields = new URLSearchParams({ account, decision })
  for (const [, type, name = "", value = ""] of page.matchAll(
    /<input type="(hidden|checkbox)" name="([^"]*)" value="([^"]*)"/g
  )) {
    const text = value.replaceAll("&amp;", "&").replaceAll("&quot;", '"')
    if (type === "hidden" || !unticked.includes(text)) fields.append(name, text)
  }
  const sent = await fetch(authorizeUrl.split("?", 1)[0] ?? "", { method: "POST", body: fields, redirect: "manual" })
  const location = sent.headers.get("location")
  if (location === null) throw new Error(`Google's page answered ${sent.status}: ${await sent.text()}`)
  return location
}
