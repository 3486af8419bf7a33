/* Begins: first what can be pressed, then what comes from elsewhere. */
(function (cop) {
  "use strict";
  cop.tools.start();
  cop.district.start();
  if (cop.$("map")) cop.stage.start();
  cop.backs.push(cop.near.close);
  cop.text.follow();
  document.body.dataset.ready = "1";
})(window.cop);
