/* Buttons that print a page, and hand its address to the device's own way of sharing, or copy it. */
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
for (const button of document.querySelectorAll("[data-share]")) {
  button.addEventListener("click", () => share(button));
}

async function share(button) {
  const { share: url, title, done } = button.dataset;
  if (navigator.share) {
    await navigator.share({ title, url }).catch(() => {}); // a reader who changed their mind
    return;
  }
  await navigator.clipboard.writeText(url);
  button.textContent = done;
  document.getElementById("said").textContent = done;
}
