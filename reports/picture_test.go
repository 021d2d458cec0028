package reports

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Pictures are compared block by block, because the same page printed with other fonts differs in every letter but not in where the ink lies.
const (
	blocksWide = 48
	blocksHigh = 34
	blockShade = 10.0 // of 255: a block whose mean differs by more is another block
	mostBlocks = 0.04 // the share of blocks that may be others
)

// checkPicture holds one page of the PDF to a reference picture. HAILONG_PICTURE_UPDATE writes the reference anew: look at it before taking it over.
func checkPicture(t *testing.T, pdf string, page int, reference string) {
	t.Helper()
	stem := filepath.Join(t.TempDir(), "page")
	// 100 dots an inch: legible in the README, below 200 kB.
	command := exec.CommandContext(t.Context(), installed(t, "pdftoppm"), "-r", "100", "-png", "-singlefile", "-f", fmt.Sprint(page), "-l", fmt.Sprint(page), pdf, stem)
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if os.Getenv("HAILONG_PICTURE_UPDATE") != "" {
		data, err := os.ReadFile(stem + ".png")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(reference, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	share := differing(picture(t, reference), picture(t, stem+".png"))
	t.Logf("%.1f %% of the overview's blocks differ from the reference", 100*share)
	if share > mostBlocks {
		t.Errorf("the overview does not look like %s: %.1f %% of its blocks differ, %.1f %% may", reference, 100*share, 100*mostBlocks)
	}
}

func picture(t *testing.T, path string) image.Image {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	decoded, err := png.Decode(file)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return decoded
}

// differing is the share of blocks in which two pictures differ.
func differing(a, b image.Image) float64 {
	others := 0
	for y := range blocksHigh {
		for x := range blocksWide {
			for i, one := range shade(a, x, y) {
				if math.Abs(one-shade(b, x, y)[i]) > blockShade {
					others++
					break
				}
			}
		}
	}
	return float64(others) / (blocksWide * blocksHigh)
}

// shade is the mean red, green and blue of one block.
func shade(m image.Image, x, y int) [3]float64 {
	bounds := m.Bounds()
	left, right := bounds.Min.X+x*bounds.Dx()/blocksWide, bounds.Min.X+(x+1)*bounds.Dx()/blocksWide
	top, bottom := bounds.Min.Y+y*bounds.Dy()/blocksHigh, bounds.Min.Y+(y+1)*bounds.Dy()/blocksHigh
	var sum [3]float64
	for py := top; py < bottom; py++ {
		for px := left; px < right; px++ {
			c := color.RGBAModel.Convert(m.At(px, py)).(color.RGBA)
			sum[0], sum[1], sum[2] = sum[0]+float64(c.R), sum[1]+float64(c.G), sum[2]+float64(c.B)
		}
	}
	area := float64(max(1, (right-left)*(bottom-top)))
	return [3]float64{sum[0] / area, sum[1] / area, sum[2] / area}
}

func TestPicturesThatDiffer(t *testing.T) {
	page := func(ink image.Rectangle) image.Image {
		m := image.NewRGBA(image.Rect(0, 0, 480, 340))
		for y := range 340 {
			for x := range 480 {
				m.Set(x, y, color.White)
				if (image.Point{X: x, Y: y}).In(ink) {
					m.Set(x, y, color.Black)
				}
			}
		}
		return m
	}
	chart, moved := page(image.Rect(100, 100, 300, 200)), page(image.Rect(102, 101, 302, 201))
	if share := differing(chart, chart); share != 0 {
		t.Errorf("a picture differs from itself by %g", share)
	}
	if share := differing(chart, moved); share == 0 || share > mostBlocks {
		t.Errorf("a picture moved by two dots differs by %g", share)
	}
	if share := differing(chart, page(image.Rectangle{})); share <= mostBlocks {
		t.Errorf("a missing chart of an eighth of the page differs by only %g", share)
	}
}
