const search = document.getElementById("search");
search.parentElement.hidden = false;
search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of document.querySelectorAll(".section")) {
    const heading = section.querySelector("h2").textContent;
    const changes = [...section.querySelectorAll(".change")];
    for (const change of changes) {
      const text = (heading + " " + change.textContent).toLowerCase();
      change.hidden = !words.every((word) => text.includes(word));
    }
    section.hidden = changes.every((change) => change.hidden);
    // A single section has no index.
    const link = document.querySelector(`.index a[href="#${section.id}"]`);
    if (link) link.parentElement.hidden = section.hidden;
  }
});
