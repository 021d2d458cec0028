package questionnaire

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"hailong/ingest/vntext"
)

// personalWords are the headers that say that a column identifies a person, folded. A header is personal if it is one of them, or
// holds one of the phrases and is short: a long header that speaks of telephones is a question about telephones.
type personalWords struct {
	whole   map[string]string // header → what it is
	phrases [][2]string       // phrase, what it is
}

var personal = sync.OnceValue(func() personalWords {
	w := personalWords{whole: map[string]string{}}
	for _, e := range [][2]string{
		{"name", "họ tên|tên|name|full name|fullname|first name|last name|firstname|lastname|recipientfirstname|recipientlastname|người trả lời|người được hỏi|người được phỏng vấn|người được khảo sát|chủ hộ|tên chủ hộ"},
		{"phone", "đt|sđt|sdt|dtdđ|đtdđ|tel|phone|phonenumber|simserial|simid|devicephonenum|subscriberid|deviceid|imei|zalo"},
		{"id_number", "cmnd|cccd|cmt|cmtnd|số cmnd|số cccd|cmnd/cccd|passport|hộ chiếu|số định danh"},
		{"email", "email|e-mail|mail|recipientemail"},
		{"address", "địa chỉ|số nhà|address|nơi ở|nơi ở hiện nay|chỗ ở|ip|ipaddr|ipaddress|ip address"},
		{"gps", "gps|kinh độ|vĩ độ|latitude|longitude|lat|lon|long|tọa độ|geopoint|location|locationlatitude|locationlongitude"},
		{"signature", "chữ ký|ký tên|ký nhận|ký xác nhận|signature"},
		{"birth_date", "ngày sinh|ngày tháng năm sinh|ngày, tháng, năm sinh|date of birth|dob"},
	} {
		for _, header := range strings.Split(e[1], "|") {
			w.whole[vntext.Fold(header)] = e[0]
		}
	}
	for _, e := range [][2]string{
		{"họ và tên", "name"},
		{"họ, tên", "name"},
		{"tên người", "name"},
		{"họ tên", "name"},
		{"respondent name", "name"},
		{"full name", "name"},
		{"điện thoại", "phone"},
		{"phone number", "phone"},
		{"telephone", "phone"},
		{"mobile", "phone"},
		{"số đt", "phone"},
		{"phone", "phone"},
		{"chứng minh nhân dân", "id_number"},
		{"căn cước", "id_number"},
		{"cmnd", "id_number"},
		{"cccd", "id_number"},
		{"passport", "id_number"},
		{"thư điện tử", "email"},
		{"email", "email"},
		{"e-mail", "email"},
		{"địa chỉ", "address"},
		{"home address", "address"},
		{"ip address", "address"},
		{"latitude", "gps"},
		{"longitude", "gps"},
		{"tọa độ", "gps"},
		{"gps", "gps"},
		{"_altitude", "gps"},
		{"_precision", "gps"},
		{"geopoint", "gps"},
		{"geodetic", "gps"},
		{"chữ ký", "signature"},
		{"signature", "signature"},
	} {
		w.phrases = append(w.phrases, [2]string{vntext.Fold(e[0]), e[1]})
	}
	return w
})

// maxPersonalWords is the length above which a header is taken for a question.
const maxPersonalWords = 6

// PersonalHeader says what a header's column identifies a person by: name, phone, id_number, email, address, gps, signature or
// birth_date; "" if it does not.
func PersonalHeader(header string) string {
	w := personal()
	folded := strings.Trim(vntext.Fold(header), " *:.")
	if i := strings.LastIndexAny(folded, "›/"); i >= 0 {
		if kind := w.whole[strings.TrimLeft(folded[i:], "›/ ")]; kind != "" {
			return kind
		}
	}
	if kind := w.whole[folded]; kind != "" {
		return kind
	}
	if len(strings.Fields(folded)) > maxPersonalWords {
		return ""
	}
	for _, phrase := range w.phrases {
		if strings.Contains(folded, phrase[0]) {
			return phrase[1]
		}
	}
	return ""
}

// A Likeness is what one value looks like that could identify a person.
type Likeness uint8

// What values look like.
const (
	LikeNothing Likeness = iota
	likeEmail
	likePhone
	likeID
	likePlace
	likeName
	likenesses
)

// LikePerson says what a value that is not blank looks like.
func LikePerson(value string) Likeness {
	switch first := value[0]; {
	case strings.IndexByte(value, '@') > 0 && len(value) < 255:
		if emailPattern.MatchString(value) {
			return likeEmail
		}
	case first == '+' || first == '(' || first == '-' || (first >= '0' && first <= '9'):
		return likeDigits(value)
	case len(value) < 64:
		if personName(value) {
			return likeName
		}
	}
	return LikeNothing
}

// A PersonalProfile counts, over all values of a column, how many look like something that identifies a person.
type PersonalProfile struct {
	values  int64
	like    [likenesses]int64
	last    string
	repeats int64
}

var (
	emailPattern = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]{2,}$`)
	placePattern = regexp.MustCompile(`^-?\d{1,3}[.,]\d{4,}\s*[ ,;]\s*-?\d{1,3}[.,]\d{4,}`)
)

// Add counts one value that is not blank. What it looks like, LikePerson has said of it or of its equal: columns repeat a few texts.
func (p *PersonalProfile) Add(value string, like Likeness) {
	p.values++
	if value == p.last {
		p.repeats++
	}
	p.last = value
	p.like[like]++
}

// AddNumber counts one number: Excel takes the zero before a telephone's or a citizen's number away.
func (p *PersonalProfile) AddNumber(n float64) {
	p.values++
	p.like[likeNumber(n)]++
}

// likeNumber looks at a number. Round ones are amounts.
func likeNumber(n float64) Likeness {
	if n < 1e8 || n >= 1e11 || n != math.Trunc(n) || math.Mod(n, 1000) == 0 {
		return LikeNothing
	}
	digits := strconv.FormatFloat(n, 'f', 0, 64)
	mobile := func(first byte) bool { return strings.IndexByte("35789", first) >= 0 }
	switch {
	case len(digits) == 9 && mobile(digits[0]), len(digits) == 11 && digits[:2] == "84" && mobile(digits[2]):
		return likePhone
	// After the province (010 … 096) a citizen's number has the century and the sex, 0 … 3 for whoever lives.
	case len(digits) == 11 && digits[:2] <= "96" && digits[2] <= '3':
		return likeID
	}
	return LikeNothing
}

// likeDigits looks at a value that starts like a number.
func likeDigits(value string) Likeness {
	if len(value) > 64 {
		return LikeNothing
	}
	if strings.ContainsAny(value, ".,") && placePattern.MatchString(value) {
		return likePlace
	}
	digits := make([]byte, 0, 16)
	for i := 0; i < len(value); i++ {
		switch b := value[i]; {
		case b >= '0' && b <= '9':
			digits = append(digits, b)
		case strings.IndexByte(" .-()+'", b) < 0:
			return LikeNothing
		}
	}
	d := strings.TrimPrefix(string(digits), "84")
	if len(d) == len(digits) {
		d = strings.TrimPrefix(d, "0")
	}
	switch {
	// Vietnamese numbers: 0 or +84, then nine digits of a mobile or ten of a fixed line.
	case len(d) < len(digits) && (len(d) == 9 || len(d) == 10) && strings.IndexByte("235789", d[0]) >= 0:
		return likePhone
	// A citizen's identity number has 12 digits and starts with the province's 001 … 096.
	case len(digits) == 12 && digits[0] == '0' && digits[1] <= '9':
		return likeID
	}
	return LikeNothing
}

// surnames cover about nine in ten Vietnamese, with the Khmer ones of the Mekong delta.
var surnames = sync.OnceValue(func() []string {
	s := strings.Fields("nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trương đoàn lâm mai trịnh đào cao phùng hà tô châu quách thạch kim sơn danh tăng lưu lương thái tạ")
	slices.Sort(s)
	return s
})

// personName reports whether a value reads like a Vietnamese person's name: a common surname and one to four more capitalised words.
func personName(value string) bool {
	words := strings.Fields(value)
	if len(words) < 2 || len(words) > 5 {
		return false
	}
	for _, word := range words {
		if first, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(first) {
			return false
		}
	}
	_, found := slices.BinarySearch(surnames(), vntext.Fold(words[0]))
	return found
}

// Enough values, and a large enough share of them, to call a column personal by what it holds.
const (
	personalValues = 5
	personalShare  = 0.8
)

// Kind says what the column's values identify a person by; "" if they do not. Values that repeat (a column of places named after
// people, one supervisor) are no names of respondents.
func (p *PersonalProfile) Kind() string {
	if p.values < personalValues {
		return ""
	}
	share := func(l Likeness) bool { return float64(p.like[l]) >= personalShare*float64(p.values) }
	switch {
	case share(likeEmail):
		return "email"
	case share(likePhone):
		return "phone"
	case share(likeID):
		return "id_number"
	case share(likePlace):
		return "gps"
	case share(likeName) && float64(p.repeats) < 0.2*float64(p.values):
		return "name"
	}
	return ""
}
