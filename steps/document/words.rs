//! Words by which course pages say what a block is, in the languages that labproof reads: English, Chinese, French, German,
//! Italian, Japanese, Korean, Polish, Portuguese, Russian and Spanish.
//!
//! A list has words or beginnings of words in lower case, with `|` between them.

/// Words that announce an output.
pub const OUTPUT: &str = "output|result|looks like|look like|you should see|you will see|prints|\
    输出|结果|显示|sortie|résultat|affiche|verrez|\
    ausgabe|ausgegeben|ergebnis|sieht so aus|sehen so aus|sollte so|zeigt|liefert|erscheint|\
    risultato|mostra|stampa|vedrai|vedrete|dovresti vedere|\
    出力|結果|表示|출력|결과|표시|보입니다|나타납니다|\
    wynik|wyświetl|zobaczysz|wygląda|saída|verá|\
    вывод|результат|увидите|увидим|выведет|выводит|покажет|выглядит|\
    salida|verás|muestra|imprime";

/// Words that tell the reader to type a command, where they begin a sentence: an expression.
pub const RUN: &str = "run|execute|type|enter|issue|invoke|call|exécutez|exécute|lancez|lance|tapez|\
    führen sie|führe|gib|geben sie|esegui|eseguite|eseguire|lancia|digita|\
    wykonaj|uruchom|wpisz|execute|rode|digite|ejecuta|ejecute|ejecutamos|corre|escribe|\
    выполните|выполним|запустите|запустим|введите";
/// Words that tell the reader to do something, before `with` or the like and a command.
pub const DO: &str = "apply|create|deploy|delete|remove|scale|expose|label|annotate|restart|roll|check|verify|list|show|inspect|\
    watch|wait|confirm|start|stop|update|get|describe|view|clean|\
    appliquez?|créez?|déployez?|supprimez?|vérifiez?|affichez?|\
    erstellen?|erzeugen?|legen?|wenden?|löschen?|entfernen?|skalieren?|prüfen?|überprüfen?|zeigen?|starten?|\
    applica|crea|elimina|cancella|scala|verifica|controlla|mostra|aplica|aplique|crie|despliega|verifique|borra|exclua|\
    zastosuj|utwórz|usuń|sprawdź|wyświetl|примените|создайте|удалите|проверьте|создадим|посмотрите";
/// Words between them and the command.
pub const WITH: &str = "with|using|via|by running|by typing|by executing|by calling|running|avec|en exécutant|en lançant|mit|\
    mittels|per|con|eseguendo|com|usando|z pomocą|za pomocą|poleceniem|с помощью|командой|ejecutando|mediante";
/// The same in languages that put nothing between this word and the command.
pub const RUN_BEFORE: &str = "执行|运行|请执行|请运行|输入";
/// The same in languages whose verb comes last.
pub const RUN_AFTER: &str = "を実行し|を入力し|と入力し|を実行して|를 실행|을 실행|를 입력|을 입력";
/// Words before them.
pub const THEN: &str = "now|then|next|first|finally|again|afterwards|once more|please|\
    maintenant|ensuite|puis|enfin|d'abord|jetzt|nun|dann|danach|ora|adesso|poi|quindi|infine|\
    teraz|następnie|potem|agora|depois|em seguida|por fim|теперь|затем|потом|ahora|luego|después|finalmente";

/// Words that say that a command fails.
pub const FAILS: &str = "will fail|should fail|must fail|fails|will bring nothing|container never started|an error|not work|be denied|be refused|forbidden|rejected|\
    失败|报错|错误|拒绝|échou|échec|une erreur|ne fonctionne pas|\
    schlägt fehl|fehlschlag|scheitert|einen fehler|ein fehler|fehlermeldung|funktioniert nicht|abgelehnt|verweigert|\
    fallisce|fallirà|un errore|non funziona|rifiutat|\
    失敗|エラー|拒否|실패|오류|에러|거부|\
    nie powiedzie|błąd|błędem|nie działa|odrzuc|falha|um erro|não funciona|\
    ошибк|не удастся|неудач|не сработает|не работает|отклон|запрещ|falla|un error|no funciona";

/// Words that say that a manifest is only an example.
pub const EXAMPLE: &str = "could look like|might look like|may look like|would look like|looks like this|look like this|an example|example of|for example|\
    例如|示例|pourrait ressembler|par exemple|un exemple|zum beispiel|ein beispiel|könnte so aussehen|per esempio|un esempio|\
    例えば|たとえば|예를 들어|na przykład|por exemplo|um exemplo|например|пример|por ejemplo|un ejemplo|como este|como esta";

/// Words before a command that is an example of its general form: `Ex.: kubectl get pods`.
pub const FOR_EXAMPLE: &str = r"[Ee]xample|[Ee]\.g\.|[Ee]x\.?|[Ee]xemple|[Ee]xemplo|[Ee]jemplo|[Ee]j\.?|[Bb]eispiel|[Bb]sp\.?|z\. ?B\.|[Ee]sempio|[Ee]s\.|\
    [Pp]rzykład|[Np]p\.|[Пп]ример|[Нн]апример|[Öö]rnek|[Öö]rn?\.?|例|示例|例如|예시?|[Vv]oorbeeld|[Cc]ontoh|[Vv]í dụ";

/// Words that say that what follows is wrong on purpose.
pub const INTENDED: &str = "on purpose|deliberate|intentional|intended mistake|contains an error|contains a mistake|has an error|has a mistake|is broken|\
    故意|有一个错误|有错误|exprès|volontairement|délibérément|contient une erreur|contient une faute|\
    absichtlich|mit absicht|enthält einen fehler|apposta|di proposito|volutamente|intenzionalmente|contiene un errore|\
    わざと|意図的|誤りがあ|間違いがあ|일부러|의도적|고의로|오류가 있|celowo|umyślnie|zawiera błąd|\
    de propósito|propositadamente|propositalmente|intencionalmente|contém um erro|tem um erro|\
    умышленно|намеренно|нарочно|содержит ошибку|есть ошибка|a propósito|adrede|intencionad|contiene un error|tiene un error|\
    schválně|úmyslně|záměrně|met opzet|expres";

/// Words that forbid to run what follows: expressions for text without emphasis.
pub const FORBIDS: [&str; 14] = [
    r"(?:^|[,;:.!?(–—-] ?|\b(?:and|but|so|please|you|you should|you must) )(?:never|do not|don['’]t|not|mustn['’]t|shouldn['’]t) (?:ever |actually |really |try to |just )?(?:run|type|execute|enter|issue|copy)\b",
    r"\b(?:must|should|may) (?:not|never) be (?:run|typed|executed|copied)\b",
    r"\bnever use this\b|\bis dangerous\b",
    r"不要(?:运行|执行|输入|复制)|切勿|请勿",
    r"\b(?:n['’]|ne (?:l[ae]s? |l['’])?|ne (?:surtout )?(?:pas|jamais) )(?:exécut|lanc|tap|copi)[a-zé]+",
    r"\b(?:nicht|nie|keinesfalls) (?:selbst |wirklich )?(?:aus(?:zu)?führen|ein(?:zu)?geben|abtippen|kopieren)\b|\bniemals\b",
    r"\b(?:führ(?:e|en|t)|gib|geb(?:en|t)|tipp(?:e|en|t))\b[^.!?:]{0,60}\b(?:nicht|nie|keinesfalls)\b",
    r"\bnon (?:l[aoe] )?(?:esegu|digit|lanci|copi)[a-z]+",
    r"(?:実行|入力|コピー)しないで|(?:실행|입력|복사)하지 마",
    r"\bnie (?:należy )?(?:uruch|wykon|wpis|kopiuj)[a-ząćęłńóśźż]+",
    r"\b(?:não|nunca) (?:[oa]s? )?(?:execut|rod|digit|copi)[a-zé]+",
    r"\bне (?:запуск|выполн|вводи|набира|копиру)[а-яё]+|\bникогда не\b",
    r"\b(?:no|nunca) (?:l[aoe]s? )?(?:ejecut|escrib|tecle|copi)[a-zéá]+",
    r"\bvoer\b[^.!?:]{0,60}\bniet\b|\bnespouštějte\b|\bneprovádějte\b",
];

/// Words that say that time passes before what follows.
pub const LATER: &str = "later|second|minute|moment|wait|a while|eventually|稍后|等待|等一|几秒|片刻|plus tard|attend|patient|instant|\
    später|sekunde|warte|augenblick|più tardi|aspett|attesa|secondi|しばらく|数秒|待つ|待ち|잠시|기다|나중|\
    później|sekund|chwil|poczek|mais tarde|aguard|espere|segundo|позже|секунд|минут|подожд|спустя|más tarde|espera|momento";

/// Words of a comment that say that the next line is typed on a node.
pub const ON_NODE: &str = "on the node|on a node|on any node|on each node|on every node|on one of the nodes|节点上|节点的|\
    sur le nœud|sur un nœud|auf dem knoten|auf einem knoten|auf dem node|sul nodo|su un nodo|ノード上|ノードで|ノードの|\
    노드에서|노드의|na węźle|no nó|em um nó|на узле|на ноде|en el nodo|en un nodo";

/// Words that introduce another way to do the same.
pub const OTHER_WAY: &str = "alternativ|optional|another way|you can also|you could also|you may also|for example|\
    或者|也可以|例如|autre façon|autre manière|par exemple|vous pouvez aussi|andere möglichkeit|zum beispiel|\
    in alternativa|per esempio|ad esempio|または|例えば|たとえば|こともできます|또는|예를 들어|na przykład|inny sposób|\
    por exemplo|outra forma|por ejemplo|otra forma|también puedes|например|другой способ|также можно";

/// Words of a heading for one of several ways: an expression.
pub const WAY: &str = "option|method|approach|variant|way|méthode|möglichkeit|methode|opzione|metodo|opción|opcja|método|opção|\
    способ|вариант|方法|方式|방법|선택";

/// Such words, where nothing else stands between the two ways.
pub const OR: &str = "or|或|ou|oder|o|oppure|lub|albo|или";

/// Words of a paragraph that announces a file.
pub const FILE: &str = "create|save|file|named|called|manifest|write|\
    创建|保存|文件|清单|crée|créez|enregistr|fichier|écri|\
    datei|erstell|speicher|anleg|legen|schreib|namens|crea|salv|chiamat|scriv|\
    編集|作成|ファイル|マニフェスト|파일|저장|작성|생성|매니페스트|\
    plik|utwórz|stwórz|zapisz|crie|arquivo|ficheiro|escreva|\
    файл|создай|создад|сохран|манифест|запиш|guard|archivo|fichero|manifiesto|escrib";

/// Words that say that the next block is the whole of a file: expressions.
pub const CONTENT: [&str; 7] = [
    r"\bcreate (?:a|the|another|an) (?:new |second |\w+ )?file\b|\bfile (?:named|called)\b",
    r"\b(?:following|this) contents?\b|\bdatei (?:namens|mit dem namen)\b|\bfolgende[mn]? inhalt",
    r"\bfichier (?:nommé|appelé)|\bcontenu suivant|\b(?:archivo|fichero) (?:llamado|con el nombre)",
    r"\bsiguiente contenido|\b(?:arquivo|ficheiro) (?:chamado|com o nome)|\bseguinte conteúdo",
    r"\bfile (?:chiamato|di nome)|\bseguente contenuto|\bplik o nazwie",
    r"następując\w+ (?:treści|zawartoś)|файл (?:с именем|под названием)|следующ\w+ содержим|という名前のファイル",
    r"(?:次|以下)の(?:内容|コンテンツ)|名为|(?:以下|如下)内容|(?:라는|이라는) (?:이름의 )?파일|(?:다음|아래) 내용",
];

/// Words that tell the reader to save a file.
pub const SAVE: &str = "save|store|保存|enregistr|sauvegard|speicher|salv|저장|zapisz|сохран|guard";

/// Words that tell to make what a manifest describes.
pub const APPLY: &str = "apply|applied|applying|deploy|create|roll out|应用|部署|创建|appliqu|déploy|crée|créon|créez|\
    wende|anwend|angewendet|erstell|erzeug|anleg|legen|applic|distribu|crea|\
    適用|作成|デプロイ|적용|생성|배포|zastosuj|wdraż|wdróż|utwórz|tworzymy|aplic|implant|implement|despleg|\
    примен|созда|разверн|развёрн|toepassen|pas toe|maak|uygula|oluştur|kubectl";

/// Words that ask the reader to make an object, in whatever way.
pub const MAKE: &str = "create|make|launch|schedule|crea|crie|cria|créez|crée|erstell|erzeug|lege|utwórz|stwórz|созда|запуст|\
    创建|建立|新建|建一个|作成|생성|만들|oluştur|maak|skapa|vytvoř|створ|buat|tạo|أنش|बना";

/// Words that name another terminal, the background, or a browser: where the reader's terminal need not be free.
pub const ELSEWHERE: &str = "terminal|another shell|another window|another tab|another console|second shell|second window|\
    second tab|new shell|new window|new tab|separate shell|other shell|different shell|background|ctrl|browser|\
    port-forward session|port-forwarding session|console|\
    终端|終端|后台|後台|浏览器|窗口|fenêtre|onglet|navigateur|arrière-plan|\
    fenster|konsole|hintergrund|reiter|finestra|scheda|sottofondo|\
    ターミナル|端末|バックグラウンド|ブラウザ|터미널|백그라운드|브라우저|\
    okno|oknie|karcie|w tle|przeglądar|janela|aba|segundo plano|navegador|\
    терминал|консол|фон|браузер|окн|вкладк|consola|ventana";

/// English words that tell the reader to change a file, where they begin a sentence or a part of one: an expression.
pub const EDIT: &str = r"(?:^|[.:;!?,]\s+|\b(?:now|then|next|and|please|to|you|let's|must|should)\s+)(?:change|replace|modify|update|edit|set)\b";

/// The same in other languages.
pub const EDIT_OTHER: &str = "改为|改成|修改|替换|modifie|changez|remplace|\
    änder|ersetz|setze|modifica|cambia|sostitu|変更|置き換|書き換|수정|변경|바꾸|\
    zmień|zamień|altere|substitu|mude|troque|tausche|wechsle|cambie|atualize|actualice|actualiza|aktualisiere|aggiorna|mettez à jour|更新|更換|измени|замени|поменя|reemplaz|edita";

/// Words that tell the reader to add lines to a file.
pub const ADD: &str = "add|insert|append|添加|加入|增加|插入|ajout|insér|füg|ergänz|aggiung|inseri|追加|挿入|추가|dodaj|wstaw|\
    adicion|acrescent|добав|встав|añad|agreg";

/// Words before the new value of such a change: an expression.
pub const TO: &str = "to|with|into|à|par|en|zu|auf|in|durch|a|con|na|para|por|на|до";

/// Words at the head of a column of values.
pub const VALUE: &str = "value|值|valeur|wert|valore|値|값|wartość|valor|значение";

/// Words for a replica.
pub const REPLICAS: &str = r"replicas?\b|réplicas?\b|répliques?\b|replikaten?\b|replikas?\b|repliken\b|repliche\b|replik|реплик|レプリカ|副本|레플리카|복제본";

/// The numbers from 2 to 5, each with its words.
pub const NUMBERS: [(&str, &str); 4] = [
    ("2", "two|两|deux|zwei|due|두|dwie|dwa|dois|duas|два|две|двух|dos"),
    ("3", "three|三|trois|drei|tre|세|trzy|três|три|трех|трёх|tres"),
    ("4", "four|四|quatre|vier|quattro|네|cztery|quatro|четыре|четырех|cuatro"),
    ("5", "five|五|cinq|fünf|cinque|다섯|pięć|cinco|пять|пяти"),
];

/// Words for a container, before or after its name.
pub const CONTAINERS: &str = "containers?|contenedor|conteneur|contêiner|kontener|контейнер|容器|コンテナ|컨테이너";

/// Words that say that something is mounted.
pub const MOUNTS: &str = r"\bmount(?:ed|s|ing)?\b|\bmontad[oa]s?\b|\bmontée?s?\b|\bmontat[oaie]\b|gemountet|eingehängt|eingebunden|zamontowan|монтир|마운트|マウント|挂载|掛載";

/// Whether a text has one of these words.
#[must_use]
pub fn has(text: &str, list: &str) -> bool {
    let text = text.to_lowercase();
    list.split('|').any(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_lower_case_and_have_no_empty_word() {
        for list in [OUTPUT, FAILS, LATER, ON_NODE, OTHER_WAY, OR, FILE, SAVE, ADD, ELSEWHERE, EDIT_OTHER, VALUE] {
            assert!(list.split('|').all(|word| !word.is_empty() && word == word.to_lowercase().trim()), "{list}");
        }
    }

    #[test]
    fn each_language_has_words_for_an_output() {
        for text in ["Die Ausgabe:", "Risultato:", "출력:", "Wynik:", "Вывод:", "La salida:", "出力："] {
            assert!(has(text, OUTPUT), "{text}");
        }
        assert!(!has("Next:", OUTPUT));
    }
}
