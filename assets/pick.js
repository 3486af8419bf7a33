/* Choosing a place: by a press on the map, a marker that can be moved, or a search among places,
 * grid references and coordinates. */
(function (cop) {
  "use strict";
  const SEARCH_AFTER_MS = 250;
  const MOVED_PX = 6; // further than this between down and up is a drag of the map
  const DIGITS = 6;
  let active = null; // the field that the next press on the map is for

  const round = (n) => Number(n.toFixed(DIGITS));
  const pin = () => L.divIcon({
    className: "pick-pin", iconSize: [30, 40], iconAnchor: [15, 38],
    html: cop.svg("svg", { viewBox: "0 0 30 40", width: 30, height: 40, "aria-hidden": "true" },
      cop.svg("path", { d: "M15 38C15 38 27 23 27 14A12 12 0 1 0 3 14C3 23 15 38 15 38Z", class: "pick-drop" }),
      cop.svg("circle", { cx: 15, cy: 14, r: 4.5, class: "pick-eye" })),
  });

  /* On a phone the sheet gives way to the map while a place is picked. */
  const setPicking = (field) => {
    if (active && active !== field) active.onPick(false);
    active = field;
    document.body.classList.toggle("is-picking", Boolean(field));
    cop.$("cop-pick-bar").hidden = !field;
    if (field) {
      field.onPick(true);
      if (cop.isPhone()) cop.showPhone("map");
    }
  };
  const take = (latlng) => {
    const field = active;
    setPicking(null);
    field.onPick(false);
    field.place([round(latlng.lng), round(latlng.lat)]);
  };
  let down = null;
  const onDown = (event) => { down = { x: event.clientX, y: event.clientY }; };
  const onClick = (event) => {
    if (!active || event.target.closest(".leaflet-control, .pick-pin")) return;
    event.stopPropagation();
    event.preventDefault();
    if (down && Math.hypot(event.clientX - down.x, event.clientY - down.y) > MOVED_PX) return;
    take(cop.map.leaflet.mouseEventToLatLng(event));
  };
  const build = () => {
    const box = cop.map.leaflet.getContainer();
    box.addEventListener("pointerdown", onDown, true);
    box.addEventListener("click", onClick, true);
    cop.$("cop-pick-centre").addEventListener("click", () => take(cop.map.leaflet.getCenter()));
    cop.$("cop-pick-cancel").addEventListener("click", () => cop.pick.stop());
    cop.backs.unshift(() => {
      if (!active) return false;
      cop.pick.stop();
      return true;
    });
  };

  /* A list of what was found under an input: arrow keys, Enter, Esc. */
  let count = 0;
  const finder = (input, onChoose) => {
    count += 1;
    const list = cop.h("ul", { class: "finder", role: "listbox", id: `cop-finder-${count}`, hidden: true, "aria-label": cop.t("place.found"), "data-t-label": "place.found" });
    const note = cop.h("p", { class: "finder-note", role: "status" });
    let found = [];
    let at = -1;
    let asked = 0;
    Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id, autocomplete: "off",
    }).forEach(([name, value]) => input.setAttribute(name, value));
    const close = () => {
      list.hidden = true;
      at = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const point = (to) => {
      at = Math.max(0, Math.min(found.length - 1, to));
      [...list.children].forEach((node, index) => node.setAttribute("aria-selected", String(index === at)));
      list.children[at].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", list.children[at].id);
    };
    const choose = (index) => {
      const place = found[index];
      close();
      cop.write(note, "");
      if (place) onChoose(place);
    };
    const show = (places) => {
      found = places;
      list.replaceChildren(...found.map((place, index) =>
        cop.h("li", { role: "option", id: `${list.id}-${index}`, "aria-selected": "false",
          on: { pointerdown: (event) => { event.preventDefault(); choose(index); } } },
        cop.h("span", { text: cop.say(place.title) }),
        cop.h("span", { class: "finder-what", text: cop.term("what", place.what) }))));
      list.hidden = !found.length;
      if (found.length && cop.isPhone()) input.scrollIntoView({ block: "start" });
      input.setAttribute("aria-expanded", String(found.length > 0));
      at = -1;
      cop.write(note, found.length ? "" : cop.t("place.none"));
    };
    const search = async () => {
      const words = input.value.trim();
      asked += 1;
      const mine = asked;
      if (words.length < 2) return close();
      const content = await cop.read(`/places?${new URLSearchParams({ q: words })}`);
      if (mine !== asked || input.value.trim() !== words) return undefined;
      if (!content) {
        close();
        return cop.write(note, cop.t("place.failed"));
      }
      return show(content.places || []);
    };
    let timer = null;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(search, SEARCH_AFTER_MS);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const act = {
        ArrowDown: () => point(at + 1), ArrowUp: () => point(at - 1),
        Enter: () => choose(Math.max(0, at)), Escape: close,
      }[event.key];
      if (!act || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });
    return { list, note };
  };

  /* The field of a place in a form; `changed` is called whenever it does.
   * Gives {node, read, set, begin, stop}: `read` gives what the field would say in a request. */
  cop.placeField = (initial, changed) => {
    const state = { geometry: null, placing: null, precision_m: null, camera: null, ...initial };
    let marker = null;
    const words = cop.h("input", { type: "text", maxlength: "300", value: initial.place || "",
      "data-t-label": "place.search", "aria-label": cop.t("place.search"), placeholder: cop.t("place.search") });
    const where = cop.h("span", { class: "place-at" });
    const pick = cop.h("button", { class: "button", type: "button", "aria-pressed": "false", "data-t": "place.pick",
      text: cop.t("place.pick"), on: { click: () => (active === field ? cop.pick.stop() : setPicking(field)) } });
    const here = cop.h("button", { class: "button", type: "button", "data-t": "place.here", text: cop.t("place.here"),
      hidden: !cop.isPhone() || !navigator.geolocation,
      on: { click: () => {
        cop.write(note, cop.t("loading.short"));
        navigator.geolocation.getCurrentPosition(({ coords }) => {
          cop.write(note, "");
          field.set({ geometry: { type: "Point", coordinates: [round(coords.longitude), round(coords.latitude)] },
            placing: "given", precision_m: Math.round(coords.accuracy), camera: null });
          field.look();
        }, () => cop.write(note, cop.t("duty.no-position")), { enableHighAccuracy: true, timeout: 15000 });
      } } });
    const clear = cop.h("button", { class: "button ghost", type: "button", "data-t": "place.clear", text: cop.t("place.clear"),
      on: { click: () => field.set({ geometry: null, placing: null, precision_m: null, camera: null }) } });
    const { list, note } = finder(words, (place) => {
      words.value = cop.say(place.title);
      field.set({ geometry: place.geometry, placing: place.placing, precision_m: place.precision_m ?? null, camera: null });
      field.look();
      if (active === field) cop.pick.stop(); // it is placed: a press on the map chooses again
    });
    const draw = () => {
      const at = state.geometry && state.geometry.type === "Point" ? state.geometry.coordinates : null;
      cop.write(where, state.geometry ? cop.fields.words("geometry", state.geometry) : cop.t("place.not-yet"));
      where.classList.toggle("is-none", !state.geometry);
      clear.hidden = !state.geometry;
      if (!at || !field.shown) {
        if (marker) marker.remove();
        marker = null;
      } else if (marker) marker.setLatLng([at[1], at[0]]);
      else {
        marker = L.marker([at[1], at[0]], { icon: pin(), draggable: true, autoPan: true, zIndexOffset: 200000,
          title: cop.t("place.marker"), alt: cop.t("place.marker") }).addTo(cop.map.leaflet);
        marker.on("dragend", () => {
          const { lat, lng } = marker.getLatLng();
          field.place([round(lng), round(lat)]);
        });
        marker.on("click", L.DomEvent.stopPropagation);
      }
    };
    const field = {
      shown: true,
      node: cop.h("div", { class: "place-field" },
        cop.h("div", { class: "finder-box" }, words, list), note,
        cop.h("div", { class: "place-row" }, pick, here, where, clear)),
      place(at) {
        field.set({ geometry: { type: "Point", coordinates: at }, placing: "given", precision_m: null, camera: null });
      },
      set(values) {
        const { place, ...rest } = values;
        Object.assign(state, rest);
        if (place !== undefined) words.value = place || "";
        draw();
        if (changed) changed();
      },
      look() {
        const at = state.geometry && cop.placeOf({ geometry: state.geometry, properties: {} });
        if (at && !cop.map.leaflet.getBounds().pad(-0.1).contains([at[1], at[0]]))
          cop.map.leaflet.setView([at[1], at[0]], Math.max(cop.map.leaflet.getZoom(), 15));
      },
      begin() { if (!state.geometry) setPicking(field); },
      /* Show or hide the marker with the form. */
      show(on) {
        field.shown = on;
        if (!on && active === field) cop.pick.stop();
        draw();
      },
      onPick(on) {
        pick.setAttribute("aria-pressed", String(on));
        if (field.picking) field.picking(on);
      },
      at: () => (state.geometry ? cop.placeOf({ geometry: state.geometry, properties: {} }) : null),
      read: () => ({ ...state, place: words.value.trim() }),
      end() {
        if (active === field) cop.pick.stop();
        if (marker) marker.remove();
        marker = null;
      },
    };
    words.addEventListener("input", () => changed && changed());
    draw();
    return field;
  };
  cop.pick = {
    stop() {
      const field = active;
      setPicking(null);
      if (field) field.onPick(false);
    },
    get active() { return active; },
  };
  cop.on("start", build);
})((window.cop = window.cop || {}));
