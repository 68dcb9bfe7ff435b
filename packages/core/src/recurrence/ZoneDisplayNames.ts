/**
 * The names by which Windows shows its zones to people: "(UTC-05:00) Eastern Time (US & Canada)".
 *
 * Decides which zone such a name means, whatever offset stands before it and however its places are joined. A place that
 * two zones name says nothing.
 */

/** The Windows zone that a shown name means, in lower case; null for a name that is none. */
export const shownZone = (name: string): string | null => {
  const isPrefixed = offsetBefore.test(name)
  const shown = plain(name.replace(offsetBefore, ""))
  if (shown === "") return null
  const whole = byName().get(shown)
  if (whole !== undefined) return whole
  // One place without an offset before it may be anybody's word.
  const places = placesOf(shown)
  if (!isPrefixed && places.length < 2) return null
  const meant = new Set(places.map((place) => byPlace().get(place)).filter((zone) => zone != null))
  return meant.size === 1 ? ([...meant][0] ?? null) : null
}

const offsetBefore = /^\s*\((?:UTC|GMT)\s*(?:[+\-\u2212]\s*\d{1,2}(?:[:.]?\d\d)?)?\)\s*/i

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/^greenwich mean time\s*:\s*/, "")
    .replaceAll("&", "and")
    .replaceAll(/\s+/g, " ")
    .replace(/[\s.]+$/, "")
    .trim()

const placesOf = (shown: string): ReadonlyArray<string> => shown.split(/\s*[,/;]\s*/).filter((place) => place !== "")

let names: Map<string, string> | undefined
let places: Map<string, string | null> | undefined

const byName = (): ReadonlyMap<string, string> =>
  (names ??= new Map(rows.flatMap(([zone, ...shown]) => shown.map((name) => [plain(name), zone.toLowerCase()]))))

/** Null: a place that stands in the names of several zones. */
const byPlace = (): ReadonlyMap<string, string | null> => {
  if (places !== undefined) return places
  places = new Map()
  for (const [shown, zone] of byName()) {
    for (const place of placesOf(shown)) places.set(place, (places.get(place) ?? zone) === zone ? zone : null)
  }
  return places
}

/** Windows' name, then what is or was shown for it. */
const rows: ReadonlyArray<readonly [zone: string, ...shown: ReadonlyArray<string>]> = [
  ["Dateline Standard Time", "International Date Line West"],
  ["UTC-11", "Coordinated Universal Time-11"],
  ["Aleutian Standard Time", "Aleutian Islands"],
  ["Hawaiian Standard Time", "Hawaii"],
  ["Marquesas Standard Time", "Marquesas Islands"],
  ["Alaskan Standard Time", "Alaska"],
  ["UTC-09", "Coordinated Universal Time-09"],
  ["Pacific Standard Time (Mexico)", "Baja California", "Tijuana, Baja California"],
  ["UTC-08", "Coordinated Universal Time-08"],
  ["Pacific Standard Time", "Pacific Time (US & Canada)", "Pacific Time", "Pacific Time (US & Canada); Tijuana"],
  ["US Mountain Standard Time", "Arizona"],
  ["Mountain Standard Time (Mexico)", "Chihuahua, La Paz, Mazatlan", "La Paz, Mazatlan"],
  ["Mountain Standard Time", "Mountain Time (US & Canada)", "Mountain Time"],
  ["Yukon Standard Time", "Yukon"],
  ["Central America Standard Time", "Central America"],
  ["Central Standard Time", "Central Time (US & Canada)", "Central Time"],
  ["Easter Island Standard Time", "Easter Island"],
  ["Central Standard Time (Mexico)", "Guadalajara, Mexico City, Monterrey"],
  ["Canada Central Standard Time", "Saskatchewan"],
  ["SA Pacific Standard Time", "Bogota, Lima, Quito, Rio Branco", "Bogota, Lima, Quito"],
  ["Eastern Standard Time (Mexico)", "Chetumal"],
  ["Eastern Standard Time", "Eastern Time (US & Canada)", "Eastern Time"],
  ["Haiti Standard Time", "Haiti"],
  ["Cuba Standard Time", "Havana"],
  ["US Eastern Standard Time", "Indiana (East)"],
  ["Turks And Caicos Standard Time", "Turks and Caicos"],
  ["Paraguay Standard Time", "Asuncion"],
  ["Atlantic Standard Time", "Atlantic Time (Canada)", "Atlantic Time"],
  ["Venezuela Standard Time", "Caracas"],
  ["Central Brazilian Standard Time", "Cuiaba"],
  ["SA Western Standard Time", "Georgetown, La Paz, Manaus, San Juan"],
  ["Pacific SA Standard Time", "Santiago"],
  ["Newfoundland Standard Time", "Newfoundland"],
  ["Tocantins Standard Time", "Araguaina"],
  ["E. South America Standard Time", "Brasilia"],
  ["SA Eastern Standard Time", "Cayenne, Fortaleza"],
  ["Argentina Standard Time", "City of Buenos Aires", "Buenos Aires"],
  ["Greenland Standard Time", "Greenland"],
  ["Montevideo Standard Time", "Montevideo"],
  ["Magallanes Standard Time", "Punta Arenas"],
  ["Saint Pierre Standard Time", "Saint Pierre and Miquelon"],
  ["Bahia Standard Time", "Salvador"],
  ["UTC-02", "Coordinated Universal Time-02"],
  ["Mid-Atlantic Standard Time", "Mid-Atlantic - Old", "Mid-Atlantic"],
  ["Azores Standard Time", "Azores"],
  ["Cape Verde Standard Time", "Cabo Verde Is.", "Cape Verde Is."],
  ["UTC", "Coordinated Universal Time"],
  ["GMT Standard Time", "Dublin, Edinburgh, Lisbon, London"],
  ["Greenwich Standard Time", "Monrovia, Reykjavik"],
  ["Sao Tome Standard Time", "Sao Tome"],
  ["Morocco Standard Time", "Casablanca"],
  ["W. Europe Standard Time", "Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"],
  ["Central Europe Standard Time", "Belgrade, Bratislava, Budapest, Ljubljana, Prague"],
  ["Romance Standard Time", "Brussels, Copenhagen, Madrid, Paris"],
  ["Central European Standard Time", "Sarajevo, Skopje, Warsaw, Zagreb"],
  ["W. Central Africa Standard Time", "West Central Africa"],
  ["GTB Standard Time", "Athens, Bucharest", "Athens, Bucharest, Istanbul"],
  ["Middle East Standard Time", "Beirut"],
  ["Egypt Standard Time", "Cairo"],
  ["E. Europe Standard Time", "Chisinau", "E. Europe"],
  ["West Bank Standard Time", "Gaza, Hebron"],
  ["South Africa Standard Time", "Harare, Pretoria"],
  [
    "FLE Standard Time",
    "Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius",
    "Helsinki, Kiev, Riga, Sofia, Tallinn, Vilnius"
  ],
  ["Israel Standard Time", "Jerusalem"],
  ["South Sudan Standard Time", "Juba"],
  ["Kaliningrad Standard Time", "Kaliningrad"],
  ["Sudan Standard Time", "Khartoum"],
  ["Libya Standard Time", "Tripoli"],
  ["Namibia Standard Time", "Windhoek"],
  ["Jordan Standard Time", "Amman"],
  ["Arabic Standard Time", "Baghdad"],
  ["Syria Standard Time", "Damascus"],
  ["Turkey Standard Time", "Istanbul"],
  ["Arab Standard Time", "Kuwait, Riyadh"],
  ["Belarus Standard Time", "Minsk"],
  ["Russian Standard Time", "Moscow, St. Petersburg", "Moscow, St. Petersburg, Volgograd"],
  ["E. Africa Standard Time", "Nairobi"],
  ["Volgograd Standard Time", "Volgograd"],
  ["Iran Standard Time", "Tehran"],
  ["Arabian Standard Time", "Abu Dhabi, Muscat"],
  ["Astrakhan Standard Time", "Astrakhan, Ulyanovsk"],
  ["Azerbaijan Standard Time", "Baku"],
  ["Russia Time Zone 3", "Izhevsk, Samara"],
  ["Mauritius Standard Time", "Port Louis"],
  ["Saratov Standard Time", "Saratov"],
  ["Georgian Standard Time", "Tbilisi"],
  ["Caucasus Standard Time", "Yerevan"],
  ["Afghanistan Standard Time", "Kabul"],
  ["West Asia Standard Time", "Ashgabat, Tashkent"],
  ["Qyzylorda Standard Time", "Qyzylorda"],
  ["Ekaterinburg Standard Time", "Ekaterinburg"],
  ["Pakistan Standard Time", "Islamabad, Karachi"],
  ["India Standard Time", "Chennai, Kolkata, Mumbai, New Delhi"],
  ["Sri Lanka Standard Time", "Sri Jayawardenepura"],
  ["Nepal Standard Time", "Kathmandu"],
  ["Central Asia Standard Time", "Astana", "Nur-Sultan", "Bishkek"],
  ["Bangladesh Standard Time", "Dhaka"],
  ["Omsk Standard Time", "Omsk"],
  ["Myanmar Standard Time", "Yangon (Rangoon)"],
  ["SE Asia Standard Time", "Bangkok, Hanoi, Jakarta"],
  ["Altai Standard Time", "Barnaul, Gorno-Altaysk"],
  ["W. Mongolia Standard Time", "Hovd"],
  ["North Asia Standard Time", "Krasnoyarsk"],
  ["N. Central Asia Standard Time", "Novosibirsk"],
  ["Tomsk Standard Time", "Tomsk"],
  ["China Standard Time", "Beijing, Chongqing, Hong Kong, Urumqi"],
  ["North Asia East Standard Time", "Irkutsk"],
  ["Singapore Standard Time", "Kuala Lumpur, Singapore"],
  ["W. Australia Standard Time", "Perth"],
  ["Taipei Standard Time", "Taipei"],
  ["Ulaanbaatar Standard Time", "Ulaanbaatar"],
  ["Aus Central W. Standard Time", "Eucla"],
  ["Transbaikal Standard Time", "Chita"],
  ["Tokyo Standard Time", "Osaka, Sapporo, Tokyo"],
  ["North Korea Standard Time", "Pyongyang"],
  ["Korea Standard Time", "Seoul"],
  ["Yakutsk Standard Time", "Yakutsk"],
  ["Cen. Australia Standard Time", "Adelaide"],
  ["AUS Central Standard Time", "Darwin"],
  ["E. Australia Standard Time", "Brisbane"],
  ["AUS Eastern Standard Time", "Canberra, Melbourne, Sydney"],
  ["West Pacific Standard Time", "Guam, Port Moresby"],
  ["Tasmania Standard Time", "Hobart"],
  ["Vladivostok Standard Time", "Vladivostok"],
  ["Lord Howe Standard Time", "Lord Howe Island"],
  ["Bougainville Standard Time", "Bougainville Island"],
  ["Russia Time Zone 10", "Chokurdakh"],
  ["Magadan Standard Time", "Magadan"],
  ["Norfolk Standard Time", "Norfolk Island"],
  ["Sakhalin Standard Time", "Sakhalin"],
  ["Central Pacific Standard Time", "Solomon Is., New Caledonia"],
  ["Russia Time Zone 11", "Anadyr, Petropavlovsk-Kamchatsky"],
  ["New Zealand Standard Time", "Auckland, Wellington"],
  ["UTC+12", "Coordinated Universal Time+12"],
  ["Fiji Standard Time", "Fiji"],
  ["Chatham Islands Standard Time", "Chatham Islands"],
  ["UTC+13", "Coordinated Universal Time+13"],
  ["Tonga Standard Time", "Nuku'alofa"],
  ["Samoa Standard Time", "Samoa"],
  ["Line Islands Standard Time", "Kiritimati Island"]
]
