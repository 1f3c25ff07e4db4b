// Copies what is shown only once. The button appears where scripts run; without them people mark and copy by hand.
(function () {
  "use strict";
  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var field = document.querySelector(button.dataset.copy);
    button.hidden = false;
    function tell() {
      button.textContent = button.dataset.copied;
    }
    button.addEventListener("click", function () {
      field.focus();
      field.select();
      if (window.isSecureContext && navigator.clipboard) {
        navigator.clipboard.writeText(field.value).then(tell);
      } else if (document.execCommand("copy")) {
        tell();
      }
    });
  });
})();
