"""What every workbook is made with: columns as data, a renderer of tables, safe text, charts."""
