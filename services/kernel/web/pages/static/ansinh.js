/* Makes better what works without it: one press of a button, no lost reasons, keys for people who type. */
(function () {
  "use strict";
  var doc = document, FIELD = "a, input:not([type=hidden]), select";

  // The second press is harmless on the server; here it is only made visible that the first one counts.
  doc.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || event.defaultPrevented) return;
    var begun = doc.querySelector("tr[data-changed]");
    if (begun && !begun.contains(event.target)) {
      event.preventDefault();
      finish(begun);
      return;
    }
    if (button.getAttribute("aria-disabled") === "true") {
      event.preventDefault();
      var first = doc.querySelector("[aria-invalid=true], tr.bad a");
      if (first) first.focus();
      return;
    }
    doc.querySelectorAll("[data-changed]").forEach(function (one) { delete one.dataset.changed; });
    setTimeout(function () {
      button.style.minWidth = button.offsetWidth + "px";
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.busy) button.textContent = button.dataset.busy;
    }, 0);
  });
  // The back button shows a page as it was left: its buttons work again.
  addEventListener("pageshow", function (event) {
    if (event.persisted) location.reload();
  });

  doc.addEventListener("input", function (event) {
    var long = event.target.closest("tr.open, textarea");
    if (long) long.dataset.changed = "";
  });
  addEventListener("beforeunload", function (event) {
    if (doc.querySelector("[data-changed]")) event.preventDefault();
  });

  // One row of a list is open at a time, so that nothing typed in one is lost by saving another.
  doc.addEventListener("htmx:beforeRequest", function (event) {
    var open = event.target.matches("[data-mend]") && doc.querySelector("tr.open");
    if (!open) return;
    if (open === event.detail.target || "changed" in open.dataset) {
      event.preventDefault();
      finish(open);
    } else open.querySelector("[data-leave]").click();
  });
  function finish(row) {
    row.querySelector("[data-first]").hidden = !("changed" in row.dataset);
    row.querySelector(FIELD).focus();
  }

  // After a row was saved the next wrong one opens; else what is wrong with the page is read first.
  var row = doc.getElementById(location.hash.slice(1)), next = row && row.querySelector("[data-mend]");
  var first = next || doc.querySelector("[role=alert][tabindex]");
  if (first) first.focus();
  if (next) doc.addEventListener("htmx:load", function () { next.click(); }, { once: true });

  doc.addEventListener("change", function (event) {
    if (!event.target.matches("[data-all]")) return;
    doc.querySelectorAll("[name='" + event.target.dataset.all + "']").forEach(function (box) {
      box.checked = event.target.checked;
    });
  });

  // A button that acts on what is ticked says how many that are.
  doc.querySelectorAll("[data-counts]").forEach(function (button) {
    var plain = button.textContent, ticked = "[name='" + button.dataset.counts + "']:checked";
    function say() {
      var number = doc.querySelectorAll(ticked).length;
      button.textContent = number ? button.dataset.counted.replace("#", number) : plain;
    }
    doc.addEventListener("change", say);
    say();
  });

  // The sentence over the services is true once each of them has said how far behind it is.
  doc.addEventListener("htmx:afterSettle", function () {
    var table = doc.querySelector("[data-operations]");
    if (!table) return;
    var rows = table.querySelectorAll("[data-waiting]");
    var behind = table.querySelector("[data-waiting]:not([data-waiting='0'])");
    var word = behind ? "behind" : rows.length === +table.dataset.operations ? "quiet" : "";
    doc.querySelectorAll("[data-services]").forEach(function (one) { one.hidden = one.dataset.services !== word; });
  });

  // A part of a page that does not come says so in its place.
  doc.addEventListener("htmx:responseError", fail);
  doc.addEventListener("htmx:sendError", fail);
  function fail(event) {
    var place = event.detail.target, said = place && place.querySelector("[data-failed]");
    if (said) said.hidden = false;
  }

  if (doc.documentElement.dataset.keys === "off") return;
  doc.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (event.altKey && event.shiftKey && event.code === "KeyN") {
      var wrong = Array.prototype.slice.call(doc.querySelectorAll("tr.bad"));
      var at = wrong.findIndex(function (row) { return row.contains(doc.activeElement); });
      var link = wrong.length && wrong[(at + 1) % wrong.length].querySelector(FIELD);
      if (link) { event.preventDefault(); link.focus(); }
      return;
    }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      var field = doc.getElementById("tim");
      if (field) { event.preventDefault(); field.focus(); }
    } else if (event.key === "?") {
      var help = doc.querySelector("a[data-help]");
      if (help) location.href = help.href;
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      var beside = doc.querySelector(event.key === "ArrowLeft" ? "a[data-before]" : "a[data-after]");
      if (beside) location.href = beside.href;
    }
  });
})();
