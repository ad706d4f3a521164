"""Page text in the shapes of other programs, written for these tests."""

ALTO_MM10 = b"""<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v2#">
 <Description>
  <MeasurementUnit>mm10</MeasurementUnit>
  <OCRProcessing ID="OCR_1"><ocrProcessingStep><processingSoftware>
   <softwareCreator>Maker</softwareCreator><softwareName>Reader</softwareName>
   <softwareVersion>9.1</softwareVersion>
  </processingSoftware></ocrProcessingStep></OCRProcessing>
 </Description>
 <Styles><TextStyle ID="TXT_0" FONTSIZE="10" FONTFAMILY="Times"/></Styles>
 <Layout><Page ID="P1" PHYSICAL_IMG_NR="1" HEIGHT="2540" WIDTH="1270">
  <TopMargin HPOS="0" VPOS="0" WIDTH="1270" HEIGHT="100">
   <TextBlock ID="B1" HPOS="600" VPOS="20" WIDTH="40" HEIGHT="40"><TextLine HPOS="600" VPOS="20"
     WIDTH="40" HEIGHT="40"><String CONTENT="12" HPOS="600" VPOS="20" WIDTH="40" HEIGHT="40"/>
   </TextLine></TextBlock>
  </TopMargin>
  <BottomMargin HPOS="0" VPOS="2500" WIDTH="1270" HEIGHT="40"/>
  <PrintSpace HPOS="50" VPOS="100" WIDTH="1170" HEIGHT="2400">
   <TextBlock ID="B2" STYLEREFS="TXT_0" HPOS="100" VPOS="200" WIDTH="500" HEIGHT="100"
     language="ru">
    <TextLine HPOS="100" VPOS="200" WIDTH="500" HEIGHT="40" BASELINE="230">
     <String CONTENT="\xd0\xb3\xd0\xbe\xd1\x80\xd0\xbe\xd0\xb4" HPOS="100" VPOS="200" WIDTH="200"
       HEIGHT="40" WC="0.95"/><SP HPOS="300" VPOS="200" WIDTH="20"/>
     <String CONTENT="\xd1\x88\xd0\xb0\xd1\x85" HPOS="320" VPOS="200" WIDTH="200" HEIGHT="40"
       WC="0.5" SUBS_TYPE="HypPart1" SUBS_CONTENT="\xd1\x88\xd0\xb0\xd1\x85\xd1\x82\xd0\xb0"/>
     <HYP CONTENT="\xc2\xad"/>
    </TextLine>
    <TextLine HPOS="100" VPOS="250" WIDTH="100" HEIGHT="40">
     <String CONTENT="\xd1\x82\xd0\xb0" HPOS="100" VPOS="250" WIDTH="100" HEIGHT="40"
       SUBS_TYPE="HypPart2" SUBS_CONTENT="\xd1\x88\xd0\xb0\xd1\x85\xd1\x82\xd0\xb0"/>
    </TextLine>
   </TextBlock>
   <ComposedBlock ID="C1" TYPE="container">
    <Illustration ID="I1" HPOS="100" VPOS="500" WIDTH="400" HEIGHT="300" TYPE="photo"/>
    <ComposedBlock ID="C2" TYPE="Table" HPOS="100" VPOS="900" WIDTH="400" HEIGHT="100">
     <TextBlock ID="B3" HPOS="100" VPOS="900" WIDTH="400" HEIGHT="100"><TextLine><String
       CONTENT="1962" HPOS="100" VPOS="900" WIDTH="80" HEIGHT="30"/></TextLine></TextBlock>
    </ComposedBlock>
   </ComposedBlock>
   <GraphicalElement ID="G1" HPOS="100" VPOS="1200" WIDTH="1000" HEIGHT="4"/>
  </PrintSpace>
 </Page></Layout>
</alto>"""
"""docWORKS' kind of ALTO 2: tenths of a millimetre, margins first, soft hyphen, table composed."""

ALTO_LINES = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" SCHEMAVERSION="4.2">
 <Description><MeasurementUnit>pixel</MeasurementUnit></Description>
 <Tags><OtherTag ID="T1" LABEL="MainZone:column" DESCRIPTION="block"/>
  <OtherTag ID="T2" LABEL="NumberingZone"/><OtherTag ID="T3" LABEL="DefaultLine"/></Tags>
 <Layout><Page WIDTH="1000" HEIGHT="2000" PHYSICAL_IMG_NR="1" ID="p"><PrintSpace>
  <TextBlock ID="b1" TAGREFS="T1" HPOS="100" VPOS="100" WIDTH="800" HEIGHT="50">
   <Shape><Polygon POINTS="100 100 900 100 900 150 100 150"/></Shape>
   <TextLine ID="l1" TAGREFS="T3" BASELINE="100 140 500 141 900 144" HPOS="100" VPOS="100"
     WIDTH="800" HEIGHT="50"><Shape><Polygon POINTS="100 100 900 100 900 150"/></Shape>
    <String CONTENT="Қара тас" HPOS="100" VPOS="100" WIDTH="800" HEIGHT="50"/>
   </TextLine>
  </TextBlock>
  <TextBlock ID="b2" TAGREFS="T2" HPOS="900" VPOS="1900" WIDTH="50" HEIGHT="50">
   <TextLine HPOS="900" VPOS="1900" WIDTH="50" HEIGHT="50"><String CONTENT="7"/></TextLine>
  </TextBlock>
 </PrintSpace></Page></Layout>
</alto>""".encode()
"""eScriptorium's kind: a String a line, polygons, SegmOnto labels, no confidence."""

HOCR_TESSERACT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head><title></title><meta name='ocr-system' content='tesseract 5.3.0' /></head>
 <body>
  <div class='ocr_page' id='page_1'
    title='image "a;b.png"; bbox 0 0 1000 2000; ppageno 0; scan_res 300 300'>
   <div class='ocr_carea' id='block_1_1' title="bbox 100 100 900 210">
    <p class='ocr_par' id='par_1_1' lang='kaz' title="bbox 100 100 900 210">
     <span class='ocr_header' title="bbox 100 100 500 150; baseline 0.01 -10; x_size 40">
      <span class='ocrx_word' title='bbox 100 100 300 150; x_wconf 96'><strong>Қара</strong></span>
      <span class='ocrx_word' title='bbox 320 100 500 150; x_wconf 41'>тас</span>
     </span>
     <span class='ocr_line' lang='rus' title="bbox 100 160 900 210">
      <span class='ocrx_word' title='bbox 100 160 300 210; x_wconf 90'>город&#39;</span>
      <span class='ocrx_word' title='bbox 320 160 320 210; x_wconf 90'></span>
     </span>
    </p>
   </div>
   <div class='ocr_photo' id='block_1_2' title="bbox 100 400 900 900"></div>
   <div class='ocr_separator' id='block_1_3' title="bbox 100 950 900 954"></div>
  </div>
 </body>
</html>""".encode()
"""Tesseract's: XHTML with a document type, "en" whatever the page, a header as line."""

HOCR_LINES = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN">
<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8">
<meta name="ocr-system" content="ocropus 1.3">
<link rel=stylesheet href=x.css></head><body>
<div class='ocr_page' title='file 0001.bin.png; bbox 0 0 1000 2000'>
<span class='ocr_line' title='bbox 100 100 900 150; x_confs 90 80 70'>Қара тас</span><br>
<p class='ocr_par'><span class='ocr_line' title='bbox 100 160 900 210'>город&nbsp;и люди</span>
</div>
<div class='ocr_page' title='file 0002.bin.png; bbox 0 0 1000 2000'>
<span class='ocr_line' title='bbox 100 100 900 150'>екінші бет</span>
</div></body></html>""".encode()
"""OCRopus' kind: HTML 4 that is no XML, lines without words, two pages."""

HOCR_SIGNS = """<html xmlns="http://www.w3.org/1999/xhtml"><body>
 <div class="ocr_page" title="bbox 0 0 1000 2000">
  <span class="ocrx_line" title="bbox 100 100 300 150">
   <span class="ocrx_word" title="bbox 100 100 300 150; x_confs 99.5 50.5">
    <span class="ocrx_cinfo" title="x_bboxes 100 100 200 150">т</span>
    <span class="ocrx_cinfo" title="x_bboxes 200 100 300 150">ас</span>
   </span>
   <span class="ocrx_word" title="bbox 310 100 400 150">
    <span class="alternatives"><ins class="alt">қала</ins><del class="alt">кала</del></span>
   </span>
  </span>
 </div></body></html>""".encode()
"""Signs one by one, as converters of other formats write them, and alternatives."""
