/**
 * The one script of the page with the tokens.
 * Decides that a token becomes text on the screen, never markup, and only on request; takes the spent code out of the
 * address and the history. Runs in a browser.
 */
export const tokenScript = `
const tokens = JSON.parse(document.getElementById("data").textContent)
history.replaceState(null, "", "/signed-in")
for (const box of document.querySelectorAll(".token")) {
  const token = tokens[box.dataset.token]
  const output = box.querySelector("output")
  const [show, copy] = box.querySelectorAll("button")
  const reveal = (shown) => {
    output.textContent = shown ? token : ""
    show.textContent = shown ? "Hide" : "Show"
  }
  show.addEventListener("click", () => reveal(output.textContent === ""))
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(token)
      copy.textContent = "Copied"
    } catch {
      reveal(true)
      getSelection().selectAllChildren(output)
      copy.textContent = "Selected: press Ctrl+C"
    }
    setTimeout(() => { copy.textContent = "Copy" }, 3000)
  })
}
`
