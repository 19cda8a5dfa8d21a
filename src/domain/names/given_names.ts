/** Short forms and spellings that do not begin like the name they stand for. */
const VARIANTS: ReadonlyMap<string, string> = new Map(
  ("bob:robert rob:robert bill:william will:william dick:richard rick:richard jim:james ted:edward " +
    "ned:edward jack:john peggy:margaret meg:margaret kate:katherine kathy:katherine " +
    "catherine:katherine catharine:katherine kathryn:katherine liz:elizabeth " +
    "betty:elizabeth beth:elizabeth tony:anthony mike:michael hank:henry harry:henry chuck:charles " +
    "larry:lawrence laurence:lawrence sandy:alexander molly:mary polly:mary nancy:anne dave:david " +
    "jon:jonathan steve:stephen steven:stephen jeff:jeffrey geoff:jeffrey geoffrey:jeffrey " +
    "allen:alan fyodor:fedor feodor:fedor shawn:sean shaun:sean kristen:kristin nicolas:nicholas " +
    "debra:deborah stewart:stuart jeffery:jeffrey micheal:michael jonathon:jonathan lev:leo leon:leo " +
    "aleksandr:alexander alexandr:alexander isabelle:isabel")
    .split(" ")
    .map((pair) => pair.split(":") as [string, string]),
);

/**
 * Given names of their own that lie a letter or two from another, or begin like one: a slip in one of them
 * would give the name of somebody else. The most frequent of the US census lists of 1990, without
 * short forms.
 */
const COMMON: ReadonlySet<string> = new Set(
  ("james john robert michael william david richard charles joseph thomas christopher daniel paul mark " +
    "donald george kenneth stephen edward brian ronald anthony kevin jason matthew gary timothy jose " +
    "jeffrey frank scott eric andrew raymond gregory joshua dennis walter patrick peter harold douglas " +
    "henry carl arthur ryan roger juan jack albert jonathan justin gerald keith samuel ralph " +
    "lawrence nicholas roy benjamin bruce brandon adam harry wayne louis jeremy aaron howard " +
    "eugene carlos russell victor martin ernest phillip todd jesse craig alan shawn clarence sean philip " +
    "earl antonio bryan luis stanley leonard nathan dale manuel rodney curtis " +
    "norman allen marvin vincent glenn jeffery travis chad jacob lee melvin alfred kyle francis bradley jesus " +
    "herbert frederick joel edwin troy randall barry alexander bernard mario leroy francisco " +
    "marcus micheal theodore clifford miguel oscar jay calvin lloyd leon derek " +
    "warren darrell jerome floyd leo alvin wesley gordon dean jorge dustin pedro derrick lewis " +
    "zachary corey herman maurice vernon roberto clyde glen hector shane ricardo lester brent ramon " +
    "tyler gilbert gene marc reginald ruben brett angel nathaniel rafael leslie edgar milton raul " +
    "chester cecil duane franklin andre elmer gabriel mitchell roland arnold harvey jared adrian karl " +
    "cory claude erik darryl jamie neil jessie christian javier fernando clinton mathew tyrone darren lonnie " +
    "lance cody julio kelly kurt allan nelson guy clayton hugh dwayne dwight armando felix jake julian ian " +
    "ivan simon oliver lucas colin stuart ross marion jan jean owen toby leigh elliot evan " +
    "mary patricia linda barbara elizabeth jennifer maria susan margaret dorothy lisa nancy karen helen " +
    "sandra donna carol ruth sharon michelle laura sarah kimberly deborah jessica shirley cynthia angela melissa " +
    "brenda amy anna rebecca virginia kathleen pamela martha debra amanda stephanie carolyn christine marie janet " +
    "catherine frances ann joyce diane alice julie heather teresa doris gloria evelyn cheryl mildred katherine " +
    "joan ashley judith rose janice nicole judy christina theresa beverly denise tammy irene jane lori " +
    "rachel marilyn andrea kathryn louise sara anne jacqueline wanda bonnie julia ruby lois tina phyllis norma " +
    "paula diana annie lillian emily robin crystal gladys rita dawn connie florence tracy edna tiffany " +
    "carmen rosa cindy grace wendy victoria edith sherry sylvia josephine thelma shannon sheila ethel ellen " +
    "elaine marjorie carrie charlotte monica esther pauline emma juanita anita rhonda hazel amber eva " +
    "april leslie clara lucille jamie joanne eleanor valerie danielle megan alicia suzanne michele gail bertha " +
    "darlene veronica jill erin geraldine lauren joann lorraine lynn sally regina erica beatrice dolores " +
    "bernice audrey yvonne annette june samantha marion dana stacy ana renee ida vivian roberta holly brittany " +
    "melanie loretta yolanda jeanette laurie kristen vanessa alma elsie jeanne carla tara " +
    "rosemary eileen terri gertrude lucy tonya ella stacey wilma gina kristin jessie natalie agnes vera " +
    "charlene bessie delores melinda pearl arlene maureen colleen allison tamara joy georgia constance lillie " +
    "claudia marcia tanya nellie minnie marlene heidi glenda lydia viola courtney marian stella caroline " +
    "dora vickie mattie petra joanna alexandra nora nina lara mara mona erika karin kara cora cara " +
    "maya dina lena hanna ingrid irma iris isabel olivia sophia sophie zoe naomi miriam").split(
      " ",
    ),
);

/** Whether a folded word is one of the most frequent given names. */
export function isCommonGivenName(word: string): boolean {
  return COMMON.has(word) || VARIANTS.has(word);
}

/** One name however its sounds are written: Jon and John, Stephanie and Stefanie, Sara and Sarah. */
function soundOf(name: string): string {
  return name.replace(/ph/g, "f").replace(/ck|c(?![eihy])|q/g, "k").replace(/(?<=.)(?<![cs])h/g, "")
    .replace(/z/g, "s").replace(/[ae]y$/, "i").replace(/y/g, "i").replace(/(?<=nn)e$/, "")
    .replace(/(.)\1+/g, "$1");
}

/**
 * Whether two folded given names are known to be two: both common, and neither a short form or another
 * spelling of the other. Mary is not Mark and Jane not Jake, while Jon is John.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * assert(areTwoNames("joan", "john"));
 * assertFalse(areTwoNames("jon", "john"));
 * assertFalse(areTwoNames("mara", "mraa"));
 * ```
 */
export function areTwoNames(a: string, b: string): boolean {
  return COMMON.has(a) && COMMON.has(b) && !isOneName(a, b);
}

/** Whether two folded given names are one in two forms or spellings. */
export function isOneName(a: string, b: string): boolean {
  return a === b || (VARIANTS.get(a) ?? a) === (VARIANTS.get(b) ?? b) || soundOf(a) === soundOf(b);
}
