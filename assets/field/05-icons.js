/* Pictograms of the phone's own frame, on the same grid as all others. */
((cop) => {
  "use strict";
  Object.assign(cop.icons, {
    "phone": "M3.5 1H6L7.2 4.6 5.6 5.8A8 8 0 0 0 9.2 9.4L10.4 7.800 14 9V11.500A2.500 2.500 0 0 1 11.500 14 10.500 10.500 0 0 1 1 3.500 2.500 2.500 0 0 1 3.500 1Z",
    "menu": "M1.500 3H13.500V4.700H1.500Z M1.500 6.700H13.500V8.400H1.500Z M1.500 10.400H13.500V12.100H1.500Z",
    "duty": "M5 1H10V2.500H12.500V14H2.500V2.500H5Z M5 5V6.300H10V5Z M5 7.700V9H10V7.700Z M5 10.400V11.700H8V10.400Z",
  });
})((window.cop = window.cop || {}));
