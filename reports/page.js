// The filters of the table of rules. Without this the page shows all of it.
(function () {
  "use strict";
  const form = document.getElementById("filters");
  if (!form) return;
  const value = (id) => document.getElementById(id).value;
  const bodies = Array.from(document.querySelectorAll("#matrix > tbody"), (body) => ({
    body,
    text: body.textContent.toLowerCase(),
    states: Array.from(body.rows[0].cells).slice(1).map((cell) => cell.classList[1]),
  }));
  function apply() {
    const words = value("find").toLowerCase().split(/\s+/).filter(Boolean);
    const area = value("area"), strength = value("strength"), state = value("state"), lane = value("lane");
    let shown = 0;
    for (const { body, text, states } of bodies) {
      const of = lane === "" ? body.dataset.state : states[lane];
      const on = words.every((word) => text.includes(word)) && (!area || body.dataset.area === area) &&
        (!strength || body.dataset.strength === strength) && (state ? of === state : of !== "none");
      body.hidden = !on;
      shown += on;
    }
    document.getElementById("shown").textContent = `${shown} of ${bodies.length} rules`;
  }
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  apply();
})();
