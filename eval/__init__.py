"""Scores search, answers and refusals on judged questions, as eval/README.md explains. Only bot/cli.py imports it.

dataset split collection                     judged questions and their documents
systems relevance outcome run                a system asked, and its answers judged
measures significance scores                 outcomes to measures, intervals and comparisons
conversations turn_outcome play              conversations played, and every turn judged
conversation_scores carrying unrelated       their measures; words carried over; questions after unrelated turns
gate ablation reader_only adopt              the commands that do more than score
results formats record readme markdown       files: results, TREC, SQuAD and BEIR, recorded summaries
conversation_sections result_tables          parts of the page of recorded summaries
report plots tables conversation_tables      what a person sees
cli commands conversation_commands           `quoth eval`
bench baseline_loop                          speed and memory, beside a plain loop
"""
