/**
 * The domains under which Google runs its search in each country, as Google lists them. A fixed list: what else begins
 * with "google." belongs to whoever registered it.
 *
 * https://www.google.com/supported_domains
 */
const countries =
  "com ad ae al am as at az ba be bf bg bi bj bs bt by ca cat cd cf cg ch ci cl cm cn cv cz de dj dk dm dz ee es fi fm fr " +
  "ga ge gg gl gm gr gy hn hr ht hu ie im iq is it je jo kg ki kz la li lk lt lu lv md me mg mk ml mn mu mv mw ne nl no " +
  "nr nu pl pn ps pt ro rs ru rw sc se sh si sk sm sn so sr st td tg tl tm tn to tt vu ws"

const belowCom =
  "af ag ar au bd bh bn bo br bz co cu cy do ec eg et fj gh gi gt hk jm kh kw lb ly mm mt mx my na ng ni np om pa pe pg ph " +
  "pk pr py qa sa sb sg sl sv tj tr tw ua uy vc vn"

const belowCo = "ao bw ck cr id il in jp ke kr ls ma mz nz th tz ug uk uz ve vi za zm zw"

/** `google.com`, `google.de`, `google.co.uk`, …, each also with `www.`. */
export const googleHosts: readonly string[] = [
  ...countries.split(" "),
  ...belowCom.split(" ").map((country) => `com.${country}`),
  ...belowCo.split(" ").map((country) => `co.${country}`)
].flatMap((end) => [`google.${end}`, `www.google.${end}`])
